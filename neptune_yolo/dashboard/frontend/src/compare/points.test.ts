import { describe, expect, it } from "vitest";

import type { Comparison } from "./facts";
import { axisValues, columnsOf, mainMetric, pointsOf, readPaths, usualAxes, withinBrushes, writePaths } from "./points";

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

describe("axes before the reader chooses", () => {
  const cells = (...values: (number | null)[]) => values.map((value) => (value === null ? null : { value }));
  const mixed: Comparison = {
    runs: ["A-1", "A-2", "A-3"].map((sys_id) => ({ ...run, sys_id, name: "" })),
    total: 3,
    rows: [
      { path: "parameters/depth", type: "int", differs: true, cells: cells(4, null, null) },
      { path: "Configuration/lr0", type: "float", differs: true, cells: cells(null, 0.1, 0.2) },
      { path: "metrics/mAP50-95(M)", type: "floatSeries", differs: true, cells: cells(0.5, null, null) },
      { path: "metrics/mAP50-95(B)", type: "floatSeries", differs: true, cells: cells(null, 0.4, 0.3) },
    ],
  };

  it("are those that most of the runs have", () => {
    expect(usualAxes(mixed, columnsOf(mixed, false))).toEqual({ x: "Configuration/lr0", y: "metrics/mAP50-95(B)" });
  });

  it("are two metrics where no setting goes with one, and none of nothing", () => {
    const rows = mixed.rows.slice(2).map((row) => ({ ...row, cells: cells(0.1, 0.2, 0.3) }));
    const columns = columnsOf({ ...mixed, rows }, false);
    expect(usualAxes({ ...mixed, rows }, columns)).toEqual({ x: "metrics/mAP50-95(B)", y: "metrics/mAP50-95(M)" });
    expect(usualAxes({ ...mixed, rows: [] }, { settings: [], metrics: [] })).toEqual({});
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
    const long = { value: 0.1, series: { ...series, maximum: 0.12345678901234567 } };
    const row = { path: "metrics/mAP50", type: "floatSeries", differs: true, cells: [long, null] };
    expect(pointsOf({ ...comparison, rows: [row] }, ["metrics/mAP50"], "best")[0]?.texts).toEqual(["0.123457"]);
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
