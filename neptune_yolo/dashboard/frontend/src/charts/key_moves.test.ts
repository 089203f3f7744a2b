import { expect, test } from "vitest";

import { nextPlace, zoomByKey } from "./key_moves";
import { readZoom, withoutZoom, writeZoom } from "./zoom";

const reach = { first: 2, last: 42 };
const apart = () => false;

test("arrows move between the places that are seen, and come in from the side", () => {
  expect(nextPlace("ArrowRight", false, null, reach, apart)).toBe(2);
  expect(nextPlace("ArrowLeft", false, null, reach, apart)).toBe(42);
  expect(nextPlace("ArrowRight", false, 5, reach, apart)).toBe(6);
  expect(nextPlace("ArrowLeft", true, 20, reach, apart)).toBe(16);
  expect(nextPlace("ArrowRight", true, 41, reach, apart)).toBe(42);
  expect(nextPlace("ArrowRight", false, 5, reach, (one, other) => other - one < 3)).toBe(8);
  expect(nextPlace("Home", false, 9, reach, apart)).toBe(2);
  expect(nextPlace("Escape", false, 9, reach, apart)).toBeNull();
  expect(nextPlace("a", false, 9, reach, apart)).toBeUndefined();
  expect(nextPlace("ArrowLeft", false, null, { first: 0, last: -1 }, apart)).toBeUndefined();
});

test("keys zoom around the crosshair", () => {
  expect(zoomByKey("+", [0, 100], 20)).toEqual([10, 60]);
  expect(zoomByKey("-", [40, 60], null)).toEqual([30, 70]);
  expect(zoomByKey("0", [40, 60], null)).toBeNull();
  expect(zoomByKey("x", [40, 60], null)).toBeUndefined();
});

test("a range is part of the address, as fine as anybody sees", () => {
  expect(writeZoom([123.456789, 987.654321])).toBe("123.4,987.7");
  expect(writeZoom([1_764_000_000.1234, 1_764_000_100.5678])).toBe("1764000000.1,1764000100.6");
  expect(writeZoom([0.00011, 0.00013])).toBe("0.00011,0.00013");
  expect(readZoom(writeZoom([2, 30]))).toEqual([2, 30]);
  for (const wrong of [null, "", "1", "3,2", "1,2,3", "a,b", ",5"]) expect(readZoom(wrong)).toBeNull();
  expect(withoutZoom(new URLSearchParams("x=step&zoom:a/b=1,2"))).toEqual({ "zoom:a/b": null });
});
