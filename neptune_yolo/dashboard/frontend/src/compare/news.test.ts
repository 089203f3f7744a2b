import { expect, test } from "vitest";

import { type Seen, takeNews } from "./news";

const SIGN = { sys_id: "YOL-1", modified_ms: 5, state: "running", trashed: false };

test("only what is new makes a page load anew", () => {
  const seen: Seen = new Map();
  expect(takeNews(seen, [SIGN])).toBe(true);
  expect(takeNews(seen, [{ ...SIGN }])).toBe(false);
  expect(takeNews(seen, [{ ...SIGN, modified_ms: 6 }])).toBe(true);
  expect(takeNews(seen, [{ ...SIGN, modified_ms: 6, state: "idle" }])).toBe(true);
  expect(takeNews(seen, [])).toBe(false);
});
