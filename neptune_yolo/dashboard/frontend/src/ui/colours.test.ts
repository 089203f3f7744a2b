import { expect, test } from "vitest";

import { colourOf, dashesOf, LOOKS, lookOf, paintOf } from "./colours";

test("a run looks the same always, and unlike the runs around it", () => {
  const looks = Array.from({ length: LOOKS }, (_, index) => {
    const id = `YOL-${index + 1}`;
    return paintOf(id, false) + dashesOf(id).join();
  });
  expect(new Set(looks).size).toBe(LOOKS);
  expect(lookOf("YOL-3")).toBe(3);
  expect(colourOf("YOL-3")).toBe(colourOf("OTHER-3"));
});

test("an identifier without a number has a look too", () => {
  expect(lookOf("best")).toBeGreaterThanOrEqual(0);
  expect(lookOf("best")).toBeLessThan(LOOKS);
});
