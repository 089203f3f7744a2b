import { describe, expect, it } from "vitest";

import { allSteps, picturePaths, stepAt } from "./pictures";

const file = (extension: string) => ({ file: { extension, size_bytes: 1, sha256: "" } });

describe("pictures", () => {
  it("are found among files and series, those of most runs first", () => {
    const rows = [
      { path: "a", type: "file", differs: true, cells: [file("PNG"), null] },
      { path: "b", type: "file", differs: true, cells: [file("jpg"), file("jpg")] },
      { path: "c", type: "file", differs: true, cells: [file("yaml"), file("yaml")] },
      { path: "d", type: "imageSeries", differs: true, cells: [{ series: { count: 2 } }, { series: { count: 0 } }] },
    ];
    expect(picturePaths(rows)).toEqual(["b", "a", "d"]);
  });
});

describe("steps", () => {
  it("show what a run had at a step", () => {
    expect(stepAt([1, 5, 10], 7)).toBe(5);
    expect(stepAt([1, 5, 10], 0)).toBe(1);
    expect(stepAt([], 3)).toBeNull();
    expect(allSteps([[1, 5], [2, 5]])).toEqual([1, 2, 5]); // prettier-ignore
  });
});
