import { expect, test } from "vitest";

import { readCsv } from "./csv";

test("cells are split and trimmed", () => {
  expect(readCsv("epoch,  loss\n1, 0.5\r\n2, 0.25\n", 10).rows).toEqual([
    ["epoch", "loss"],
    ["1", "0.5"],
    ["2", "0.25"],
  ]);
});

test("quoted cells keep separators, quotes and lines", () => {
  expect(readCsv('"a,b","c ""d""","e\nf"', 10).rows).toEqual([["a,b", 'c "d"', "e\nf"]]);
});

test("no more rows than wanted", () => {
  expect(readCsv("a,1\nb,2\nc,3", 2)).toEqual({
    rows: [
      ["a", "1"],
      ["b", "2"],
    ],
    isCut: true,
  });
  expect(readCsv("a,1\nb,2\n", 2).isCut).toBe(false);
});
