import { expect, test } from "vitest";

import { cellAt, CELL_SIZES, MARGIN, resized, scrollTo, visible } from "./matrix_view";

test("only the cells of the window are drawn", () => {
  expect(visible(0, 100, 10, 1000)).toEqual({ first: 0, end: 10 });
  expect(visible(55, 100, 10, 1000)).toEqual({ first: 5, end: 16 });
  expect(visible(55, 100, 10, 12)).toEqual({ first: 5, end: 12 });
});

test("a cell is scrolled to unless it is seen", () => {
  expect(scrollTo(3, 0, 100, 10)).toBe(0);
  expect(scrollTo(500, 0, 100, 10)).toBe(4955);
  expect(scrollTo(0, 300, 100, 10)).toBe(0);
});

test("a place of the window is a cell", () => {
  const at = (x: number, y: number) => cellAt({ x: MARGIN.left + x, y: MARGIN.top + y }, { left: 20, top: 40 }, 10, 10);
  expect(at(5, 5)).toEqual([4, 2]);
  expect(at(-1, 5)).toBeNull();
  expect(at(5, 75)).toBeNull();
});

test("sizes have ends", () => {
  expect(resized(0, -1)).toBe(0);
  expect(resized(CELL_SIZES.length - 1, 1)).toBe(CELL_SIZES.length - 1);
});
