import { describe, expect, it } from "vitest";

import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatNumber,
  formatPlural,
  formatShare,
} from "./format";

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [0.123456, "0.1235"],
    [0.5, "0.5"],
    [12.3456, "12.35"],
    [12345.678, "12346"],
    [-0.25, "−0.25"],
    [640, "640"],
    [100_000, "100000"],
    [0.00001234, "1.234e−5"],
    [1.5e12, "1.5e12"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "∞"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("shows %d as %s", (value, shown) => {
    expect(formatNumber(value)).toBe(shown);
  });

  it("takes the number of digits", () => {
    expect(formatNumber(0.123456, 6)).toBe("0.123456");
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1530, "1.5 kB"],
    [999_600, "1 MB"],
    [6_534_387, "6.5 MB"],
    [123_456_789, "123 MB"],
    [5e15, "5 PB"],
  ])("shows %d as %s", (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [450, "450 ms"],
    [12_340, "12.3 s"],
    [59_990, "1 min"],
    [245_000, "4 min 5 s"],
    [3_600_000, "1 h"],
    [7_380_000, "2 h 3 min"],
    [273_600_000, "3 d 4 h"],
  ])("shows %d as %s", (length, shown) => {
    expect(formatDuration(length)).toBe(shown);
  });
});

describe("moments", () => {
  it("are shown in local time", () => {
    const moment = new Date(2026, 10, 25, 8, 5, 9).getTime();
    expect(formatMoment(moment)).toBe("2026-11-25 08:05");
    expect(formatMoment(moment, true)).toBe("2026-11-25 08:05:09");
    expect(formatMoment(Number.NaN)).toBe("–");
  });

  it.each([
    [5_000, "just now"],
    [300_000, "5 min ago"],
    [3 * 3_600_000, "3 h ago"],
    [49 * 3_600_000, "2 d ago"],
  ])("%d ms ago is %s", (age, shown) => {
    const now = new Date(2026, 10, 25).getTime();
    expect(formatAgo(now - age, now)).toBe(shown);
  });

  it("of long ago are shown as the day", () => {
    expect(formatAgo(new Date(2026, 8, 1, 12).getTime(), new Date(2026, 10, 25).getTime())).toBe("2026-09-01");
  });
});

it("separates thousands and says one or many", () => {
  expect(formatCount(1234567)).toBe("1,234,567");
  expect(formatPlural(1, "run")).toBe("1 run");
  expect(formatPlural(2000, "run")).toBe("2,000 runs");
  expect(formatPlural(0, "entry", "entries")).toBe("0 entries");
  expect(formatShare(0.9567)).toBe("95.7 %");
});
