import { expect, test } from "vitest";

import { changed, readNumber, readNumbers, writeNumbers } from "./query_state";

test("changes keep what else is in the query", () => {
  expect(changed("?a=1&b=2", { b: "x y", c: "3" })).toBe("?a=1&b=x+y&c=3");
  expect(changed("?a=1", { a: null })).toBe("");
});

test("lists of numbers survive the way through the address", () => {
  expect(writeNumbers(new Set([10, 2]))).toBe("2,10");
  expect(readNumbers("2,10,x")).toEqual(new Set([2, 10]));
  expect(writeNumbers(readNumbers(null))).toBeNull();
});

test("numbers out of range become the fallback", () => {
  expect(readNumber("0.5", 0, 1, 0.1)).toBe(0.5);
  expect(readNumber("7", 0, 1, 0.1)).toBe(0.1);
  expect(readNumber("", 0, 1, 0.1)).toBe(0.1);
  expect(readNumber("x", 0, 1, 0.1)).toBe(0.1);
});
