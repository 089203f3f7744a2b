import { expect, test } from "vitest";

import { colourOf, dashesAmong, dashesOf, LOOKS, lookOf, paintOf } from "./colours";

test("a run looks the same always, and unlike the runs around it", () => {
  const looks = Array.from({ length: LOOKS }, (_, index) => {
    const id = `YOL-${index + 1}`;
    return paintOf(id, false) + dashesOf(id).join();
  });
  expect(new Set(looks).size).toBe(LOOKS);
  expect(lookOf("YOL-3")).toBe(3);
  expect(colourOf("YOL-3")).toBe(colourOf("OTHER-3"));
});

test("an identifier without a number has a look too", () => {
  expect(lookOf("best")).toBeGreaterThanOrEqual(0);
  expect(lookOf("best")).toBeLessThan(LOOKS);
});

test("runs of one colour have different dashes where they are together", () => {
  const dashes = dashesAmong(["YOL-1", "YOL-8", "YOL-29", "YOL-2"]);
  expect(dashes.get("YOL-1")).toEqual([]);
  expect(dashes.get("YOL-2")).toEqual([]);
  expect(new Set(["YOL-1", "YOL-8", "YOL-29"].map((id) => String(dashes.get(id)))).size).toBe(3);
  expect(dashesAmong(["YOL-8"]).get("YOL-8")).toEqual([]);
});
