import { describe, expect, it } from "vitest";

import { arranged, column, moved, NEWEST, nextSort, readView, type View, writeView } from "./view";

const FULL: View = {
  nql: '`metrics/mAP50(B)` > 0.5 AND sys/tags CONTAINS "a:b"',
  search: "two words",
  trash: true,
  columns: [
    { path: "metrics/mAP50(B)", aggregate: "max", width: 160, pinned: true },
    { path: "odd:path, ü", aggregate: "last", width: 0, pinned: false },
  ],
  sort: { path: "metrics/mAP50(B)", aggregate: "max", descending: false },
  by: ["data/name", "sys/owner"],
  within: [
    { path: "data/name", value: 'coco:"128"' },
    { path: "n", value: 1.5 },
    { path: "b", value: true },
    { path: "gone", value: null },
  ],
  selected: ["YOL-1", "YOL-22"],
};

describe("a view in the address", () => {
  it("comes back as it was", () => {
    expect(readView(writeView(FULL))).toEqual(FULL);
  });
  it("is short for what is usual", () => {
    expect(writeView(readView(""))).toBe("");
    expect(readView("").sort).toEqual(NEWEST);
  });
  it("tells no columns from the usual ones", () => {
    const none = { ...readView(""), columns: [] };
    expect(readView(writeView(none)).columns).toEqual([]);
    expect(readView("").columns).toBeNull();
  });
  it("leaves out what makes no sense", () => {
    const view = readView("c=best:1:p:x&c=last:9999::y&sort=up:x&in=%7B%7D:x&in=x");
    expect(view.columns).toEqual([column("y")]);
    expect(view.sort).toEqual(NEWEST);
    expect(view.within).toEqual([]);
  });
});

describe("columns", () => {
  it("stand with pinned ones first", () => {
    const pinned = { ...column("b"), pinned: true };
    expect(arranged([column("a"), pinned]).map((each) => each.path)).toEqual(["b", "a"]);
  });
  it("move", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b"], 1, -5)).toEqual(["b", "a"]);
    expect(moved(["a"], 4, 0)).toEqual(["a"]);
  });
  it("sort by clicks: down, up, as usual", () => {
    const first = nextSort(NEWEST, column("x", "max"));
    expect(first).toEqual({ path: "x", aggregate: "max", descending: true });
    const second = nextSort(first, column("x", "max"));
    expect(second.descending).toBe(false);
    expect(nextSort(second, column("x", "max"))).toEqual(NEWEST);
  });

  it("begins with A for texts", () => {
    const first = nextSort(NEWEST, column("sys/name"), true);
    expect(first.descending).toBe(false);
    const second = nextSort(first, column("sys/name"), true);
    expect(second).toEqual({ path: "sys/name", aggregate: "last", descending: true });
    expect(nextSort(second, column("sys/name"), true)).toEqual(NEWEST);
  });
});
