import { expect, test } from "vitest";

import { statusOf } from "./status";

test.each([
  ["running", "running", "running"],
  ["running", "idle", "silent"],
  ["completed", "running", "completed"],
  [null, "idle", "idle"],
  [null, "running", "running"],
])("a training that says %s while its program is %s is %s", (status, state, word) => {
  expect(statusOf({ status, state, failed: false }).word).toBe(word);
});

test("a run whose program says that it failed is failed", () => {
  expect(statusOf({ status: null, state: "running", failed: true }).word).toBe("failed");
  expect(statusOf({ status: "interrupted", state: "idle", failed: true }).word).toBe("interrupted");
});
