import { expect, test } from "vitest";

import {
  classLines,
  epochTicks,
  firstMetric,
  lowestClasses,
  metricsAndClasses,
  splitPath,
  stepRange,
  summary,
  type ClassSeries,
} from "./class_series";

const CAT: ClassSeries = { run: "YOL-1", name: "cat", steps: [1, 2, 3], values: [0.1, 0.9, 0.5] };
const DOG: ClassSeries = { run: "YOL-1", name: "dog", steps: [2, 11], values: [0.2, 0.3] };

test("paths tell class and metric", () => {
  expect(splitPath("metrics/per_class/traffic light/AP50")).toEqual({ name: "traffic light", metric: "AP50" });
  expect(splitPath("metrics/mAP50(B)")).toBeNull();
  expect(splitPath("metrics/per_class/AP50")).toBeNull();
  expect(
    metricsAndClasses(["metrics/per_class/10/P", "metrics/per_class/9/P", "metrics/per_class/9/AP50", "x"]),
  ).toEqual({
    metrics: ["AP50", "P"],
    names: ["9", "10"],
  });
});

test("the first metric is average precision", () => {
  expect(firstMetric(["AP50", "AP50-95", "precision"])).toBe("AP50-95");
  expect(firstMetric(["accuracy"])).toBe("accuracy");
  expect(firstMetric([])).toBeUndefined();
});

test("last and best values", () => {
  expect(summary(CAT)).toEqual({ last: 0.5, best: 0.9, bestStep: 2 });
  expect(summary({ ...CAT, steps: [], values: [] })).toEqual({ last: null, best: null, bestStep: null });
});

test("the lowest classes come first", () => {
  expect(lowestClasses([CAT, DOG], 1)).toEqual(new Set(["dog"]));
});

test("lines share one range of steps", () => {
  const range = stepRange([CAT, DOG]);
  expect(range).toEqual({ first: 1, last: 11 });
  expect(classLines([DOG], ["cat", "dog"], range)[0]).toMatchObject({ class: 1, x: [0.1, 1], score: 0.3 });
  expect(epochTicks(range)).toEqual([2, 4, 6, 8, 10]);
  expect(epochTicks({ first: 1, last: 3 })).toEqual([1, 2, 3]);
  expect(stepRange([])).toEqual({ first: 0, last: 1 });
});
