import { expect, test } from "vitest";

import { smooth } from "./smoothing";

const values = Float64Array.from([1, 3, NaN, 5]);

test("nothing is changed without smoothing", () => {
  expect(smooth(values, { kind: "none" })).toBe(values);
});

test("exponential smoothing begins at the first value and leaves gaps", () => {
  const shown = smooth(values, { kind: "ema", weight: 0.5 });
  expect(shown[0]).toBeCloseTo(1);
  expect(shown[1]).toBeCloseTo((0.5 * 0.5 + 0.5 * 3) / 0.75);
  expect(shown[2]).toBeNaN();
  expect(smooth(Float64Array.from([4, 4, 4]), { kind: "ema", weight: 0.9 })[2]).toBeCloseTo(4);
});

test("a window is the mean of what is there around a point", () => {
  const shown = smooth(values, { kind: "window", size: 3 });
  expect([...shown]).toEqual([2, 2, NaN, 5]);
});
