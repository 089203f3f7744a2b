import { describe, expect, it } from "vitest";

import type { Comparison } from "./facts";
import { axisValues, columnsOf, mainMetric, pointsOf, readPaths, withinBrushes, writePaths } from "./points";

const run = { type: "run", owner: "ann", created_ms: 0, trashed: false };
const series = { minimum: 0.1, maximum: 0.6, count: 2, last_step: 2 };
const comparison: Comparison = {
  runs: [
    { ...run, sys_id: "A-1", name: "one" },
    { ...run, sys_id: "A-2", name: "two" },
  ],
  total: 4,
  rows: [
    { path: "Configuration/epochs", type: "int", differs: false, cells: [{ value: 3 }, { value: 3 }] },
    { path: "Configuration/lr0", type: "float", differs: true, cells: [{ value: 0.1 }, null] },
    { path: "Configuration/optimizer", type: "string", differs: true, cells: [{ value: "SGD" }, { value: "Adam" }] },
    { path: "metrics/mAP50", type: "floatSeries", differs: true, cells: [{ value: 0.5, series }, null] },
  ],
};

describe("columns", () => {
  it("are numbers, and settings that differ come first", () => {
    expect(columnsOf(comparison, false)).toEqual({
      settings: ["Configuration/lr0", "Configuration/epochs"],
      metrics: ["metrics/mAP50"],
    });
  });

  it("begin with what is not the same, before what only some runs have", () => {
    const batch = { path: "Configuration/batch", type: "int", differs: true, cells: [{ value: 8 }, { value: 16 }] };
    const settings = columnsOf({ ...comparison, rows: [...comparison.rows, batch] }, false).settings;
    expect(settings).toEqual(["Configuration/batch", "Configuration/lr0", "Configuration/epochs"]);
  });

  it("are texts of few kinds, too, if wanted", () => {
    expect(columnsOf(comparison, true).settings).toContain("Configuration/optimizer");
  });

  it("have a main metric", () => {
    expect(mainMetric(["train/loss", "metrics/mAP50(B)", "metrics/mAP50-95(B)"])).toBe("metrics/mAP50-95(B)");
    expect(mainMetric(["train/loss"])).toBe("train/loss");
    expect(mainMetric([])).toBeUndefined();
  });
});

describe("points", () => {
  it("hold the figure asked for", () => {
    const points = pointsOf(comparison, ["Configuration/lr0", "metrics/mAP50", "nothing"], "best");
    expect(points.map((point) => point.numbers)).toEqual([
      [0.1, 0.6, null],
      [null, null, null],
    ]);
    expect(points[0]?.texts).toEqual(["0.1", "0.6", "—"]);
  });

  it("are chosen by brushes on several axes", () => {
    const places = [
      [0, 0.5],
      [0.5, 0.9],
      [1, null],
    ];
    expect(withinBrushes(places, new Map())).toEqual([0, 1, 2]);
    expect(withinBrushes(places, new Map([[0, [[0, 0.6]]]]))).toEqual([0, 1]);
    expect(withinBrushes(places, new Map([[0, [[0, 0.6]]], [1, [[0.8, 1]]]]))).toEqual([1]); // prettier-ignore
    expect(withinBrushes(places, new Map([[1, [[0, 1]]]]))).toEqual([0, 1]);
    expect(withinBrushes(places, new Map([[0, []]]))).toEqual([0, 1, 2]);
  });
});

describe("axes", () => {
  const at = (text: string, number: number | null) => ({ run: "A-1", name: "", texts: [text], numbers: [number] });

  it("are of numbers, logarithmic over many orders, or of texts", () => {
    expect(axisValues([at("1", 1), at("2", 2), at("—", null)], 0)).toEqual({
      values: [1, 2, null],
      categories: null,
      log: false,
    });
    expect(axisValues([at("0.001", 0.001), at("1", 1)], 0).log).toBe(true);
    expect(axisValues([at("SGD", null), at("Adam", null), at("—", null)], 0)).toEqual({
      values: [1, 0, null],
      categories: ["Adam", "SGD"],
      log: false,
    });
    expect(axisValues([at("true", 1), at("false", 0)], 0).categories).toEqual(["false", "true"]);
  });

  it("are kept in the address", () => {
    const paths = ["metrics/mAP50(B)", "a,b", "c%"];
    expect(readPaths(writePaths(paths))).toEqual(paths);
    expect(readPaths(null)).toBeNull();
    expect(readPaths("")).toEqual([]);
    expect(readPaths("%")).toEqual(["%"]);
  });
});
