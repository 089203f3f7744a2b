import { describe, expect, it } from "vitest";

import { expiryOf, expiryState } from "./days";

const DAY = 24 * 3600 * 1000;

describe("expiryOf", () => {
  it("counts days from now", () => {
    expect(expiryOf("30", 1000)).toBe(1000 + 30 * DAY);
  });
  it.each(["", "0", "-1", "x"])("knows no end for %j", (days) => {
    expect(expiryOf(days, 1000)).toBeNull();
  });
});

describe("expiryState", () => {
  it("tells what has ended and what ends soon", () => {
    expect(expiryState(null, 0)).toBeNull();
    expect(expiryState(5, 5)).toBe("expired");
    expect(expiryState(6 * DAY, 0)).toBe("soon");
    expect(expiryState(8 * DAY, 0)).toBeNull();
  });
});
