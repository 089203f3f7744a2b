import { expect, test } from "vitest";

import { isProgress, logSeries, plainLine, shownLines } from "./logs_data";
import { type Attribute, Attributes } from "./run_data";

function series(path: string): Attribute {
  return {
    path,
    type: "stringSeries",
    value: "",
    length: null,
    series: { count: 1, last_step: 0 } as never,
    file: null,
  };
}

test("what was printed comes first", () => {
  const all = ["monitoring/a/stderr", "monitoring/a/stdout", "tune/trials"].map(series);
  expect(logSeries(new Attributes(all))).toEqual(["monitoring/a/stdout", "monitoring/a/stderr", "tune/trials"]);
});

test("progress bars on their way are told from their end", () => {
  expect(isProgress("1/3  0.9 1.2: 50% ━━━━━━────── 2/4")).toBe(true);
  expect(isProgress("1/3  0.9 1.2: 100% ━━━━━━━━━━━━ 4/4")).toBe(false);
  expect(isProgress("accuracy 50% of all")).toBe(false);
});

test("lines are as a terminal leaves them", () => {
  expect(plainLine("\u001b[K\u001b[34mtrain:\u001b[0m done\n")).toBe("train: done");
  expect(plainLine("10%\r20%")).toBe("20%");
});

test("the end of a line that came by itself makes no empty line", () => {
  const values = ["a", "\n", "b", "\n", "\n", "c\n", "\n"].map((value) => ({ value }));
  expect(shownLines(values, { all: true, isEnd: true }).map((one) => one.value)).toEqual(["a", "b", "", "c", ""]);
});

test("progress bars on their way are left out, but for the last line", () => {
  const values = ["start", "a: 50% ━━━──── 1/2", "a: 100% ━━━━━━ 2/2", "b: 10% ━────── 1/9"].map((value) => ({
    value,
  }));
  expect(shownLines(values, { all: false, isEnd: true }).map((one) => one.value)).toEqual([
    "start",
    "a: 100% ━━━━━━ 2/2",
    "b: 10% ━────── 1/9",
  ]);
  expect(shownLines(values, { all: true, isEnd: true })).toHaveLength(4);
  expect(shownLines(values, { all: false, isEnd: false })).toHaveLength(2);
});
