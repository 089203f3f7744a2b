import { describe, expect, it } from "vitest";

import {
  bestOf,
  byFolder,
  changeText,
  goalOf,
  isConfiguration,
  isMetric,
  numberOf,
  othersThanFirst,
  textOf,
  unitOf,
} from "./facts";

const series = { count: 3, last_step: 3, minimum: 0.1, maximum: 0.5, mean: 0.3, variance: 0.01 };

describe("what attributes mean", () => {
  it("tells settings from results", () => {
    expect(isConfiguration({ path: "Configuration/Hyperparameters/lr0", type: "float" })).toBe(true);
    expect(isConfiguration({ path: "best/fitness", type: "float" })).toBe(false);
    expect(isConfiguration({ path: "sys/name", type: "string" })).toBe(false);
    expect(isMetric({ path: "metrics/mAP50(B)", type: "floatSeries" })).toBe(true);
    expect(isMetric({ path: "monitoring/abc/cpu", type: "floatSeries" })).toBe(false);
    expect(isMetric({ path: "Configuration/Hyperparameters/lr0", type: "float" })).toBe(false);
  });

  it.each([
    ["train/box_loss", "min"],
    ["val/cls_loss", "min"],
    ["metrics/mAP50-95(B)", "max"],
    ["metrics/per_class/car/recall", "max"],
    ["epoch/time_seconds", "min"],
    ["epoch/images_per_second", "max"],
    ["lr/pg0", null],
    ["train/giou_loss", "min"],
    ["train/acc", "max"],
    ["val_acc", "max"],
  ])("%s is better at its %s", (path, goal) => {
    expect(goalOf(path)).toBe(goal);
  });

  it("knows units", () => {
    expect(unitOf("speed/inference")).toBe("ms");
    expect(unitOf("epoch/images_per_second")).toBe("1/s");
    expect(unitOf("metrics/mAP50")).toBe("");
  });
});

describe("numbers", () => {
  it("takes the figure asked for of a series", () => {
    const cell = { value: 0.3, series };
    expect(numberOf(cell, "best", "max")).toBe(0.5);
    expect(numberOf(cell, "best", "min")).toBe(0.1);
    expect(numberOf(cell, "best", null)).toBe(0.3);
    expect(numberOf(cell, "last", "max")).toBe(0.3);
    expect(numberOf({ value: 7 }, "min", null)).toBe(7);
    expect(numberOf({ value: "a" }, "min", null)).toBeNull();
    expect(numberOf(null, "min", null)).toBeNull();
  });

  it("marks the best, unless all are the same or alone", () => {
    expect([...bestOf([0.1, null, 0.5, 0.5], "max")]).toEqual([2, 3]);
    expect([...bestOf([0.1, 0.5], "min")]).toEqual([0]);
    expect(bestOf([0.5, 0.5], "max").size).toBe(0);
    expect(bestOf([0.5, null], "max").size).toBe(0);
    expect(bestOf([0.1, 0.5], null).size).toBe(0);
  });

  it("tells the change against the first", () => {
    expect(changeText(0.5, 0.25)).toBe("+0.25");
    expect(changeText(1, 4)).toBe("−3");
    expect(changeText(1, 1)).toBe("");
    expect(changeText(null, 1)).toBe("");
  });
});

describe("texts", () => {
  it("shows every kind of value", () => {
    expect(textOf({ value: 0.01 }, "float")).toBe("0.01");
    expect(textOf({ value: true }, "bool")).toBe("true");
    expect(textOf({ value: ["a", "b"] }, "stringSet")).toBe("a, b");
    expect(textOf({ value: "" }, "string")).toBe("(empty)");
    expect(textOf(null, "string")).toBe("—");
    expect(textOf({ value: { commitId: "1" } }, "gitRef")).toBe('{"commitId":"1"}');
  });

  it("finds the cells that are not as the first", () => {
    const row = { path: "a/b", type: "int", differs: true, cells: [{ value: 1 }, { value: 1 }, null, { value: 2 }] };
    expect(othersThanFirst(row)).toEqual([false, false, true, true]);
  });

  it("groups rows by folder", () => {
    const rows = [{ path: "a/b/c" }, { path: "a/b/d" }, { path: "e" }];
    expect(byFolder(rows).map(([folder, found]) => [folder, found.length])).toEqual([
      ["a/b", 2],
      ["", 1],
    ]);
  });
});
