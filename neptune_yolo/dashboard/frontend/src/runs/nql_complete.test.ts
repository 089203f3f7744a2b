import { describe, expect, it } from "vitest";

import { accept, placeOf, quoteName, suggestions } from "./nql_complete";

function at(text: string) {
  const caret = text.indexOf("|");
  return placeOf(text.replace("|", ""), caret);
}

describe("the place in a query", () => {
  it.each([
    ["|", "name", ""],
    ["met|", "name", "met"],
    ["`metrics/mAP50(B|", "name", "metrics/mAP50(B"],
    ["loss |", "operator", ""],
    ["loss NOT CON|", "operator", "CON"],
    ["loss > |", "value", ""],
    ["loss > 0.5 |", "joiner", ""],
    ["loss > 0.5 AN|", "joiner", "AN"],
    ["loss > 0.5 AND |", "name", ""],
    ["(loss > 0.5 AND ac|", "name", "ac"],
    ["(loss > 0.5) |", "joiner", ""],
    ['`a b`:string = "x y" |', "joiner", ""],
    ["NOT sys/st|", "name", "sys/st"],
    ["sys/state = run| AND x > 1", "value", "run"],
  ])("%s expects a %s", (text, expected, part) => {
    expect(at(text)).toMatchObject({ expected, part });
  });
  it("knows whose value is typed", () => {
    expect(at("`sys/state` = |").name).toBe("sys/state");
    expect(suggestions(at("sys/state = r|"), []).map((each) => each.text)).toEqual(["running"]);
  });
});

describe("suggestions", () => {
  const names = [{ path: "metrics/mAP50(B)", types: ["floatSeries"] }];
  it("quote names that need it", () => {
    expect(suggestions(at("met|"), names)).toEqual([{ text: "`metrics/mAP50(B)`", detail: "floatSeries" }]);
    expect(quoteName("sys/owner")).toBe("sys/owner");
  });
  it("are taken over", () => {
    const place = at("met| > 1");
    expect(accept("met > 1", place, "`metrics/a`")).toEqual({ text: "`metrics/a` > 1", caret: 12 });
    expect(accept("met", at("met|"), "x")).toEqual({ text: "x ", caret: 2 });
  });
});
