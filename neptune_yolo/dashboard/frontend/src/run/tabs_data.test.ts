import { expect, test } from "vitest";

import { tabOf } from "./tabs_data";

test.each([
  ["charts", "charts"],
  ["", "overview"],
  [undefined, "overview"],
  ["metadata", "overview"],
  ["all/", "attributes"],
  ["nonsense", "overview"],
])("the address %s shows %s", (rest, tab) => {
  expect(tabOf(rest)).toBe(tab);
});
