import { describe, expect, it } from "vitest";

import { addressOf, placeOf } from "./place";

describe("placeOf", () => {
  it.each([
    ["/", null, "Projects"],
    ["/account/tokens", null, "Account"],
    ["/nowhere", null, "No such page"],
    ["/local/yolo/", "runs", "Runs · local/yolo"],
    ["/local/yolo/metadata", "runs", "Runs · local/yolo"],
    ["/local/yolo/charts", "charts", "Charts · local/yolo"],
    ["/local/yolo/compare/configuration", "compare", "Compare · local/yolo"],
    ["/local/yolo/models", "models", "Models · local/yolo"],
    ["/local/yolo/settings", "settings", "Settings · local/yolo"],
    ["/local/yolo/e/YOL-1/files", "runs", "YOL-1 · local/yolo"],
    ["/local/yolo/m/YOL-MOD", "models", "YOL-MOD · local/yolo"],
    ["/local/yolo/m/YOL-MOD/v/YOL-MOD-3/metadata", "models", "YOL-MOD-3 · local/yolo"],
  ])("of %s is %s, %s", (path, section, title) => {
    expect(placeOf(path)).toMatchObject({ section, title });
  });

  it("decodes names, and leaves what cannot be decoded", () => {
    expect(placeOf("/a%2Fb/c%20d/").project).toEqual({ workspace: "a/b", name: "c d" });
    expect(placeOf("/100%/x/").project).toEqual({ workspace: "100%", name: "x" });
  });
});

describe("addressOf", () => {
  const project = { workspace: "a b", name: "yolo" };

  it("encodes names", () => {
    expect(addressOf(project, "runs")).toBe("/a%20b/yolo/");
    expect(addressOf(project, "models")).toBe("/a%20b/yolo/models");
  });

  it("keeps the chosen runs between charts and compare", () => {
    expect(addressOf(project, "compare", "?runs=YOL-1,YOL-2&x=time")).toBe("/a%20b/yolo/compare?runs=YOL-1%2CYOL-2");
    expect(addressOf(project, "runs", "?runs=YOL-1")).toBe("/a%20b/yolo/");
  });
});
