import { expect, test } from "vitest";

import type { Attribute } from "./run_data";
import { found, treeOf } from "./tree";

function attribute(path: string, value: unknown = 1): Attribute {
  return { path, type: "float", value, length: null, series: null, file: null };
}

test("attributes become a tree that counts what is below", () => {
  const tree = treeOf([attribute("a/b/c"), attribute("a/d"), attribute("e")]);
  expect(tree.count).toBe(3);
  expect(tree.leaves.map((leaf) => leaf.path)).toEqual(["e"]);
  expect(tree.branches[0]).toMatchObject({ name: "a", prefix: "a/", count: 2 });
  expect(tree.branches[0]?.branches[0]?.leaves[0]?.path).toBe("a/b/c");
});

test("a value and a namespace may have the same name", () => {
  const tree = treeOf([attribute("a"), attribute("a/b")]);
  expect(tree.leaves).toHaveLength(1);
  expect(tree.branches).toHaveLength(1);
});

test("numbers in names are in their order", () => {
  const tree = treeOf([attribute("weights/epoch_10"), attribute("weights/epoch_2")]);
  expect(tree.branches[0]?.leaves.map((leaf) => leaf.path)).toEqual(["weights/epoch_2", "weights/epoch_10"]);
});

test("a search looks for every word in path and text", () => {
  const all = [attribute("metrics/mAP50(B)"), attribute("environment/host", "Atlas")];
  expect(found(all, "map metrics").map((one) => one.path)).toEqual(["metrics/mAP50(B)"]);
  expect(found(all, "atlas").map((one) => one.path)).toEqual(["environment/host"]);
  expect(found(all, "  ")).toHaveLength(2);
});
