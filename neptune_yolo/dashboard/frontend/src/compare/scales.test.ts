import { describe, expect, it } from "vitest";

import { correlation, linearTicks, logTicks, scaleOf, shade } from "./scales";

describe("ticks", () => {
  it("stand at round numbers", () => {
    expect(linearTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0.013, 0.048)).toEqual([0.02, 0.03, 0.04]);
    expect(linearTicks(-5, 5)).toEqual([-4, -2, 0, 2, 4]);
    expect(linearTicks(3, 3)).toEqual([3]);
  });

  it("are powers of ten on a log scale, or parts of them in a narrow range", () => {
    expect(logTicks(1e-4, 1e-1)).toEqual([1e-4, 1e-3, 1e-2, 1e-1]);
    expect(logTicks(0.001, 0.008)).toEqual([0.001, 0.002, 0.005]);
    expect(logTicks(0.011, 0.014).length).toBeGreaterThan(1);
  });
});

describe("scales", () => {
  it("leave a margin", () => {
    const scale = scaleOf([0, 10]);
    expect(scale.place(5)).toBeCloseTo(0.5);
    expect(scale.place(0)).toBeGreaterThan(0);
    expect(scale.place(10)).toBeLessThan(1);
  });

  it("put a single value in the middle", () => {
    expect(scaleOf([0.3]).place(0.3)).toBeCloseTo(0.5);
    expect(scaleOf([0]).place(0)).toBeCloseTo(0.5);
    expect(scaleOf([0.3], true).place(0.3)).toBeCloseTo(0.5);
  });

  it("are linear where nothing is positive", () => {
    expect(scaleOf([-1, 0], true).log).toBe(false);
    expect(scaleOf([0.001, 0.1], true).place(0.01)).toBeCloseTo(0.5);
  });
});

describe("correlation", () => {
  it("is that of Pearson", () => {
    expect(correlation([[1, 2], [2, 4], [3, 6]])).toBeCloseTo(1); // prettier-ignore
    expect(correlation([[1, 6], [2, 4], [3, 2]])).toBeCloseTo(-1); // prettier-ignore
    expect(correlation([[1, 6], [2, 4]])).toBeNull(); // prettier-ignore
    expect(correlation([[1, 6], [1, 4], [1, 2]])).toBeNull(); // prettier-ignore
  });
});

describe("shades", () => {
  it("go from dark to light", () => {
    expect(shade(0)).toBe("rgb(68, 1, 84)");
    expect(shade(1)).toBe("rgb(253, 231, 37)");
    expect(shade(NaN)).toBe("rgb(68, 1, 84)");
  });
});
