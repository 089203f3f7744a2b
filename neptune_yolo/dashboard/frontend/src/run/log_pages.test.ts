import { expect, test } from "vitest";

import { BLOCK, blockCount, blockOf, KEPT, type LogPages, merged, missingPages, PAGE } from "./log_pages";

const NOTHING: LogPages<number> = { total: 0, pages: new Map() };

function answer(offset: number, count: number, total = 1_000_000) {
  return { total, offset, points: Array.from({ length: count }, (_, at) => offset + at) };
}

test("an answer is put into its pages, and a gap is left out", () => {
  const log = merged(NOTHING, answer(999_500, 500), 0);
  expect(missingPages(log, 999_000, 1_000_000)).toEqual([999]);

  const whole = merged(log, answer(999_000, PAGE), 0);
  expect(missingPages(whole, 999_000, 1_000_000)).toEqual([]);
  expect(blockOf(whole, blockCount(1_000_000) - 1)?.at(-1)).toBe(999_999);
  expect(blockOf(whole, 0)).toBeNull();
});

test("what is logged later comes behind the last line", () => {
  const log = merged(merged(NOTHING, answer(0, 150, 150), 0), answer(150, 100, 250), 0);
  expect(log.total).toBe(250);
  expect(blockOf(log, 0)).toHaveLength(BLOCK);
  expect(blockOf(log, 1)).toEqual(Array.from({ length: 50 }, (_, at) => 200 + at));
});

test("of a million lines only some pages are kept, those nearby", () => {
  let log = NOTHING;
  for (let page = 0; page < 100; page += 1) log = merged(log, answer(page * PAGE, PAGE), page * PAGE);
  expect(log.pages.size).toBe(KEPT);
  expect(log.pages.has(99)).toBe(true);
  expect(log.pages.has(0)).toBe(false);
});

test("pages that are looked at are asked for", () => {
  expect(missingPages({ total: 2500, pages: new Map() }, 900, 2600)).toEqual([0, 1, 2]);
});
