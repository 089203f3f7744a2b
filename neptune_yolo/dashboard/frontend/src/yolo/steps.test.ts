import { expect, test } from "vitest";

import type { PicturePoint } from "./data";
import { allSteps, pointAt, seriesPaths, stepPlace, thinnedSteps } from "./steps";

const at = (step: number): PicturePoint => ({ step, logged_ms: 0, name: null, description: null, sha256: "" });

test("picture series of all runs are listed, predictions first", () => {
  const image = (path: string) => ({ path, type: "imageSeries" });
  expect(
    seriesPaths([
      [image("Validation/series/b"), image("predictions/pictures/10"), { path: "a", type: "file" }],
      [image("predictions/pictures/2"), image("Validation/series/b")],
    ]),
  ).toEqual(["predictions/pictures/2", "predictions/pictures/10", "Validation/series/b"]);
});

test("steps of several series are joined", () => {
  expect(
    allSteps([
      [at(1), at(10)],
      [at(2), at(10)],
    ]),
  ).toEqual([1, 2, 10]);
});

test("a step without a picture shows the last one before it", () => {
  expect(pointAt([at(1), at(5)], 4)?.step).toBe(1);
  expect(pointAt([at(1), at(5)], 5)?.step).toBe(5);
  expect(pointAt([at(3)], 2)).toBeUndefined();
});

test("of many steps some are shown, with both ends", () => {
  expect(thinnedSteps([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(
    thinnedSteps(
      Array.from({ length: 100 }, (_, index) => index),
      4,
    ),
  ).toEqual([0, 33, 66, 99]);
});

test("an address names a step, else the newest is shown", () => {
  expect(stepPlace([1, 5, 9], null)).toBe(2);
  expect(stepPlace([1, 5, 9], "5")).toBe(1);
  expect(stepPlace([1, 5, 9], "6.5")).toBe(1);
  expect(stepPlace([1, 5, 9], "0")).toBe(0);
  expect(stepPlace([1, 5, 9], "x")).toBe(2);
});
