import { expect, it } from "vitest";

import { mayOwn, mayWrite } from "./rights";

it.each([
  [null, false, false],
  ["viewer", false, false],
  ["contributor", true, false],
  ["owner", true, true],
  ["something new", false, false],
])("what %s may", (role, write, own) => {
  expect([mayWrite(role), mayOwn(role)]).toEqual([write, own]);
});
