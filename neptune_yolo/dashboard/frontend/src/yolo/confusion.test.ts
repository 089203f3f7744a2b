import { expect, test } from "vitest";

import { byColumn, cellText, difference, largest, moved, readConfusion, searchedClass, topMistakes } from "./confusion";

const FILE = { kind: "confusion_matrix", name: "m", title: "m", step: null, background: true, unit: "labels" } as const;
const ONE = readConfusion({
  ...FILE,
  names: ["cat", "dog", "background"],
  matrix: [
    [3, 1, 0],
    [1, 1, 0],
    [0, 2, 0],
  ],
});

test("cells above zero make the whole matrix", () => {
  expect(readConfusion({ ...FILE, names: ["a", "b"], cells: [[0, 1, 5]] }).counts).toEqual([
    [0, 5],
    [0, 0],
  ]);
});

test("shares are of the column, and unknown in an empty one", () => {
  expect(byColumn(ONE.counts)).toEqual([
    [0.75, 0.25, null],
    [0.25, 0.25, null],
    [0, 0.5, null],
  ]);
});

test("a difference is by the names of the classes, not by their places", () => {
  const other = readConfusion({
    ...FILE,
    names: ["dog", "bird", "background"],
    matrix: [
      [4, 0, 1],
      [0, 2, 0],
      [0, 0, 0],
    ],
  });
  const { names, cells } = difference(ONE, other, "counts");
  expect(names).toEqual(["cat", "dog", "bird", "background"]);
  expect(cells[1]?.[1]).toBe(3);
  expect(cells[3]?.[1]).toBe(-2);
  expect(cells[0]?.[0]).toBeNull();
  expect(largest(cells)).toBe(3);
  expect(largest([[null, 0]])).toBe(1);
});

test("cells are written shortly, with their sign in a difference", () => {
  expect(cellText(12, "counts", false)).toBe("12");
  expect(cellText(-12, "counts", true)).toBe("−12");
  expect(cellText(0.5, "share", true)).toBe("+0.50");
  expect(cellText(0.001, "share", false)).toBe("<.01");
  expect([cellText(0, "counts", false), cellText(null, "share", true)]).toEqual(["", ""]);
});

test("keys move within the matrix", () => {
  expect(moved("ArrowUp", [0, 0], 3)).toEqual([0, 0]);
  expect(moved("ArrowRight", [0, 0], 3)).toEqual([0, 1]);
  expect(moved("End", [1, 0], 3)).toEqual([1, 2]);
  expect(moved("a", [1, 0], 3)).toBeNull();
});

test("the most frequent confusions come first, and are searched by class", () => {
  expect(topMistakes(ONE, "", 2)).toEqual({
    total: 3,
    top: [
      { row: 2, column: 1, count: 2, share: 0.5 },
      { row: 0, column: 1, count: 1, share: 0.25 },
    ],
  });
  expect(topMistakes(ONE, "CAT", 9).top.map(({ row, column }) => [row, column])).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test("a search means the very class, else one that begins with it", () => {
  expect(searchedClass(["hot dog", "dogfish", "dog"], "Dog")).toBe(2);
  expect(searchedClass(["hot dog", "dogfish"], "dog")).toBe(1);
  expect(searchedClass(["hot dog"], "dog")).toBe(0);
  expect(searchedClass(["hot dog"], " ")).toBeNull();
});
