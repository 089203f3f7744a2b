import { expect, test } from "vitest";

import { readPredictions } from "./prediction_data";
import { readView, toggled, viewChanges, type View } from "./view";

const DATA = [readPredictions({ version: 1, confidence: 0.1, images: [] })];

function read(changes: Record<string, string | null>): View {
  return readView((name) => changes[name] ?? null, DATA);
}

test("an empty query shows everything from the usual confidence on", () => {
  expect(read({})).toEqual({
    image: -1,
    hidden: new Set(),
    confidence: 0.25,
    statuses: new Set(["tp", "fp", "fn", "found"]),
    by: "box",
    colourBy: "status",
    labels: true,
    split: false,
  });
});

test("every view survives the way through the address", () => {
  const view: View = {
    image: 3,
    hidden: new Set([1, 12]),
    confidence: 0.625,
    statuses: new Set(["fp", "fn"]),
    by: "shape",
    colourBy: "class",
    labels: false,
    split: true,
  };
  expect(read(viewChanges(view))).toEqual(view);
  expect(read(viewChanges({ statuses: new Set() })).statuses.size).toBe(0);
  expect(Object.values(viewChanges({ ...read({}), image: 0 }))).toEqual([
    "0",
    null,
    "0.25",
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("a confidence below the recorded one can't be asked for", () => {
  expect(read({ conf: "0.05" }).confidence).toBe(0.25);
});

test("a value of a set is put in and taken out", () => {
  expect(toggled(new Set([1]), 2)).toEqual(new Set([1, 2]));
  expect(toggled(new Set([1]), 1)).toEqual(new Set());
});
