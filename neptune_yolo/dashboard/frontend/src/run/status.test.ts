import { expect, test } from "vitest";

import { type Attribute, Attributes, type Head } from "./run_data";
import { statusOf } from "./status";

function status(said: string, state: string, failed = false) {
  const attribute: Attribute = {
    path: "training/status",
    type: "string",
    value: said,
    length: null,
    series: null,
    file: null,
  };
  return statusOf({ head: { state, failed } as Head, attributes: new Attributes([attribute]) }).word;
}

test.each([
  ["running", "running", "running"],
  ["running", "idle", "silent"],
  ["completed", "running", "completed"],
  ["", "idle", "idle"],
  ["", "running", "running"],
])("a training that says %s while its program is %s is %s", (said, state, word) => {
  expect(status(said, state)).toBe(word);
});

test("a run whose program says that it failed is failed", () => {
  expect(status("", "running", true)).toBe("failed");
  expect(status("interrupted", "idle", true)).toBe("interrupted");
});
