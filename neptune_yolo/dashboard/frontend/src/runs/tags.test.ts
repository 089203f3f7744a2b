import { expect, it } from "vitest";

import { tagsChange, tagsOf } from "./tags";

it("reads tags with commas between them", () => {
  expect(tagsOf(" a, b,,a ,two words")).toEqual(["a", "b", "two words"]);
  expect(tagsOf(" ")).toEqual([]);
});

it("tells what changed", () => {
  expect(tagsChange(["a", "b"], ["b", "c"])).toEqual({ add_tags: ["c"], remove_tags: ["a"] });
});
