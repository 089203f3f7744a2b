import { describe, expect, it } from "vitest";

import { nameProblem, visibilityText } from "./visibility";

describe("visibilityText", () => {
  it("puts the known words into sentences, and leaves others as they are", () => {
    expect(visibilityText("pub")).toBe("Everybody on this server");
    expect(visibilityText("new")).toBe("new");
  });
});

describe("nameProblem", () => {
  it.each(["", "  ", "a/b", "x".repeat(129)])("refuses %j", (name) => {
    expect(nameProblem(name)).not.toBeNull();
  });
  it.each(["yolo", "traffic lights", "Ампель"])("takes %j", (name) => {
    expect(nameProblem(name)).toBeNull();
  });
});
