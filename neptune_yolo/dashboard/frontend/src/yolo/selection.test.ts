import { expect, test } from "vitest";

import { fittingEpoch, readPredictions, recordedEpochs, samePicture, withRecordsFirst } from "./prediction_data";
import { count, hasShapeStatus, neighbour, occurringClasses, select, type Selection, type Status } from "./selection";

const DATA = readPredictions({
  version: 1,
  task: "segment",
  step: 3,
  final: false,
  confidence: 0.1,
  max_boxes: 100,
  images: [
    {
      index: 0,
      name: "a.png",
      file: "val/a.png",
      width: 100,
      height: 50,
      ground_truth: [
        { box: [0, 0, 10, 10], class: 2, name: "cat", status: "matched", matched_by: 1 },
        { box: [20, 0, 30, 10], class: 5, name: "dog", status: "fn" },
      ],
      predictions: [
        { box: [50, 0, 60, 10], class: 5, name: "dog", confidence: 0.9, status: "fp" },
        { box: [0, 0, 10, 10], class: 2, name: "cat", confidence: 0.4, status: "tp", shape_status: "fp", matches: 0 },
      ],
    },
    { index: 4, name: "b.png", file: "val/b.png", width: 10, height: 10 },
  ],
});
const [IMAGE = raise()] = DATA.images;

function raise(): never {
  throw new Error("The data has no image.");
}

const ALL: Selection = {
  hidden: new Set(),
  confidence: 0.1,
  statuses: new Set<Status>(["tp", "fp", "fn", "found"]),
  by: "box",
};

test("everything is shown at the recorded confidence", () => {
  expect(count(IMAGE, ALL)).toEqual({ tp: 1, fp: 1, fn: 1, found: 1 });
  expect(select(IMAGE, ALL).truth.map((one) => one.status)).toEqual(["found", "fn"]);
});

test("an object whose finder falls below the confidence is missed", () => {
  expect(count(IMAGE, { ...ALL, confidence: 0.5 })).toEqual({ tp: 0, fp: 1, fn: 2, found: 0 });
  expect(count(IMAGE, { ...ALL, confidence: 0.4 }).tp).toBe(1);
});

test("hidden classes and statuses change what is shown, not how it is judged", () => {
  const shown = select(IMAGE, { ...ALL, hidden: new Set([2]) });
  expect(shown.truth.map((one) => one.object.name)).toEqual(["dog"]);
  expect(shown.predictions.map((one) => one.object.name)).toEqual(["dog"]);
  expect(select(IMAGE, { ...ALL, statuses: new Set<Status>(["tp"]) })).toMatchObject({
    truth: [],
    predictions: [{ index: 1, status: "tp" }],
  });
});

test("masks may be judged in place of boxes", () => {
  expect(hasShapeStatus([DATA])).toBe(true);
  expect(count(IMAGE, { ...ALL, by: "shape" })).toEqual({ tp: 0, fp: 2, fn: 2, found: 0 });
});

test("classes are listed by number", () => {
  expect(occurringClasses([DATA])).toEqual([
    { class: 2, name: "cat" },
    { class: 5, name: "dog" },
  ]);
});

test("images go round", () => {
  expect(neighbour(DATA.images, 0, 1)).toBe(4);
  expect(neighbour(DATA.images, 0, -1)).toBe(4);
  expect(neighbour(DATA.images, 4, 1)).toBe(0);
});

test("epochs are found among paths, the evaluation of best.pt last", () => {
  const epochs = recordedEpochs([
    "predictions/data/final",
    "predictions/data/epoch_0010",
    "predictions/data/epoch_0002",
    "a",
  ]);
  expect(epochs.map((epoch) => epoch.label)).toEqual(["epoch 2", "epoch 10", "best.pt"]);
  expect(fittingEpoch(epochs, 7)?.step).toBe(2);
  expect(fittingEpoch(epochs, 1)?.step).toBe(2);
  expect(fittingEpoch(epochs, Infinity)?.key).toBe("final");
  expect(fittingEpoch([], 1)).toBeUndefined();
});

test("runs without validations come last", () => {
  const epochs = recordedEpochs(["predictions/data/epoch_0004"]);
  const runs = [[], epochs, [], epochs].map((its, id) => ({ id, epochs: its }));
  expect(withRecordsFirst(runs).map(({ id }) => id)).toEqual([1, 3, 0, 2]);
});

test("the same picture is found by its file, else by a unique name", () => {
  expect(samePicture(DATA, { ...IMAGE, index: 9 })?.index).toBe(0);
  expect(samePicture(DATA, { ...IMAGE, file: "other/b.png", name: "b.png" })?.index).toBe(4);
  expect(samePicture(DATA, { ...IMAGE, file: "c.png", name: "c.png" })).toBeUndefined();
});

test("a file of another version is refused with a sentence", () => {
  expect(() => readPredictions({ version: 2, images: [] })).toThrow("version 1 was expected");
  expect(() => readPredictions(null)).toThrow("version 1 was expected");
});
