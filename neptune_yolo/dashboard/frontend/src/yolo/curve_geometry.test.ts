import { expect, test } from "vitest";

import { curvePath, firstClasses, fromX, linesOf, readPlot, toX, valueAt, type CurvesFile } from "./curve_geometry";

const CURVES = readPlot({
  schema: 1,
  kind: "curves",
  name: "BoxPR_curve",
  title: "Precision-recall",
  step: null,
  x_label: "Recall",
  y_label: "Precision",
  x: [0, 0.5, 1],
  y: [
    [1, 0.5, 0],
    [1, null, 1],
  ],
  mean: [1, 0.5, 0.5],
  class_index: [3, 7],
  class_names: ["cat", "dog"],
  labels: [10, 20],
  score_label: "AP50",
  scores: [0.5, 0.9],
  best_x: null,
}) as CurvesFile;

test("the mean comes first, then the chosen classes", () => {
  const lines = linesOf("YOL-1", CURVES, new Set([7]));
  expect(lines.map((line) => [line.label, line.score])).toEqual([
    ["all classes", 0.7],
    ["dog", 0.9],
  ]);
});

test("a gap in a curve is a gap in its line", () => {
  const frame = { width: 10, height: 10, left: 0, right: 0, top: 0, bottom: 0 };
  expect(curvePath([0, 0.5, 1], [0, null, 1], frame)).toBe("M0.0 10.0M10.0 0.0");
  expect(curvePath([0, 0.01, 1], [0, 0, 0], frame)).toBe("M0.0 10.0L10.0 10.0");
});

test("positions go to the frame and back", () => {
  expect(fromX(toX(0.25))).toBeCloseTo(0.25);
  expect(fromX(-100)).toBe(0);
});

test("the value at a position is the nearest known one", () => {
  const line = { x: [0, 0.5, 1], y: [1, 0.5, null] };
  expect([valueAt(line, 0.1), valueAt(line, 0.3), valueAt(line, 0.9), valueAt({ x: [], y: [] }, 0)]).toEqual([
    1,
    0.5,
    null,
    null,
  ]);
});

test("of many classes, those with the most labels are drawn first", () => {
  const many = Array.from({ length: 30 }, (_, index) => index);
  const curves = { ...CURVES, class_index: many, labels: many };
  expect(firstClasses([curves])).toEqual(new Set(many.slice(20)));
  expect(firstClasses([curves, curves], 2)).toEqual(new Set()); // one line for each of several runs
});

test("a file of another schema is refused with a sentence", () => {
  expect(() => readPlot({ schema: 2, kind: "curves" })).toThrow("schema 1 was expected");
  expect(() => readPlot({ schema: 1, kind: "pie" })).toThrow("kind pie");
});
