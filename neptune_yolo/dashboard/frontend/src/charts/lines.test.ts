import { expect, test } from "vitest";

import type { Curve } from "../api/series";
import { axisOf, band, heightOf, linesOf, tableOf } from "./lines";
import { DEFAULT_SETTINGS } from "./settings";

const numbers = (...values: number[]) => Float64Array.from(values);

function curve(run: string, path: string, steps: number[], values: number[], times: number[] | null = null): Curve {
  const shown = { steps: numbers(...steps), values: numbers(...values), times: times && numbers(...times) };
  return { run, path, total: steps.length, inRange: steps.length, startedMs: 1000, parts: null, ...shown };
}

const run = (sys_id: string, group: string | null = null) => ({ sys_id, name: sys_id, group });

test("time is seconds since the run began, or since 1970, and never runs back", () => {
  const one = curve("R-1", "p", [0, 1, 2], [1, 1, 1], [3000, 2000, 5000]);
  expect([...axisOf(one, "relative")]).toEqual([2, 2, 4]);
  expect([...axisOf(one, "absolute")]).toEqual([3, 3, 5]);
  expect([...axisOf(one, "step")]).toEqual([0, 1, 2]);
});

test("training is faint beside validation and the phase is part of the label", () => {
  const curves = [
    curve("R-1", "train/loss", [0], [1]),
    curve("R-1", "val/loss", [0], [2]),
    curve("R-9", "val/loss", [0], [2]),
  ];
  const lines = linesOf(curves, [run("R-1")], DEFAULT_SETTINGS, false);
  expect(lines.map((line) => [line.label, line.faint])).toEqual([
    ["R-1 train", true],
    ["R-1 val", false],
  ]);
});

test("a thinned series is its mean within its range, and what is newer as it is", () => {
  const parts = {
    ...{ count: 10, points: 4, at: numbers(0, 4, 9) },
    ...{ low: numbers(0, 1, 2), high: numbers(4, 5, 2), mean: numbers(1, 2, 2) },
  };
  const thinned = { ...curve("R-1", "p", [1, 40, 41, 101, 102], [4, 0, 1, 2, 8]), parts };

  const [line] = linesOf([thinned], [run("R-1")], DEFAULT_SETTINGS, false);
  const [byLog] = linesOf([thinned], [run("R-1")], { ...DEFAULT_SETTINGS, xLog: true }, false);

  expect([...(line?.x ?? [])]).toEqual([1, 46, 101, 102]);
  expect([...(line?.y ?? [])]).toEqual([1, 2, 2, 8]);
  expect(line?.behind).toEqual({ kind: "band", low: numbers(0, 1, 2, 8), high: numbers(4, 5, 2, 8) });
  expect(line?.last).toBe(8);
  expect(byLog?.x[1]).toBeCloseTo(101 ** 0.45);
  const [group] = linesOf(
    [thinned, curve("R-2", "p", [1, 102], [9, 9])],
    [run("R-1"), run("R-2")],
    DEFAULT_SETTINGS,
    true,
  );
  expect(group?.behind).toMatchObject({ low: { 0: 0, 3: 8 }, high: { 0: 9, 3: 9 } });
});

test("a logarithm shows what is above zero", () => {
  const [line] = linesOf(
    [curve("R-1", "p", [0, 1, 2], [-1, 2, 3])],
    [run("R-1")],
    { ...DEFAULT_SETTINGS, xLog: true, yLog: true },
    false,
  );
  expect([...(line?.x ?? [])]).toEqual([1, 2]);
  expect([...(line?.y ?? [])]).toEqual([2, 3]);
});

test("a group is the mean of its runs between the lowest and the highest", () => {
  const curves = [
    curve("R-1", "p", [0, 2], [0, 2]),
    curve("R-2", "p", [0, 1, 2], [4, 4, 4]),
    curve("R-3", "p", [0], [7]),
  ];
  const lines = linesOf(curves, [run("R-1", "a"), run("R-2", "a"), run("R-3")], DEFAULT_SETTINGS, true);
  expect(lines.map((line) => line.label)).toEqual(["a (2)", "(none) (1)"]);
  expect([...(lines[0]?.y ?? [])]).toEqual([2, 2.5, 3]);
  expect(lines[0]?.behind).toEqual({ kind: "band", low: numbers(0, 1, 2), high: numbers(4, 4, 4) });
});

test("a run that is shorter ends without pulling the band", () => {
  const { low, high, mean } = band([
    { x: numbers(0, 1, 2, 3), y: numbers(1, 1, 1, 1) },
    { x: numbers(0, 1), y: numbers(3, 3) },
  ]);
  expect([...mean]).toEqual([2, 2, 1, 1]);
  expect([...low]).toEqual([1, 1, 1, 1]);
  expect([...high]).toEqual([3, 3, 1, 1]);
});

test("lines share one axis; what is missing is a gap only where it was one", () => {
  const curves = [curve("R-1", "p", [0, 1], [1, NaN]), curve("R-2", "p", [0.5], [2])];
  const table = tableOf(linesOf(curves, [run("R-1"), run("R-2")], DEFAULT_SETTINGS, false));
  expect([...table[0]]).toEqual([0, 0.5, 1]);
  expect(table[1]).toEqual([1, undefined, null]);
  expect(table[2]?.[1]).toBe(2);
});

test("outliers are left out of the height on request, and so is what is not in view", () => {
  const values = Array.from({ length: 200 }, (_, index) => (index === 100 ? 1e6 : index));
  const lines = linesOf(
    [
      curve(
        "R-1",
        "p",
        values.map((_, index) => index),
        values,
      ),
    ],
    [run("R-1")],
    DEFAULT_SETTINGS,
    false,
  );
  expect(heightOf(lines, false)).toEqual([0, 1e6]);
  expect(heightOf(lines, true)).toEqual([2, 198]);
  expect(heightOf(lines, false, 10, 20)).toEqual([10, 20]);
  expect(heightOf([], false)).toBeNull();
});
