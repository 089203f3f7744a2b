import { expect, test } from "vitest";

import type { Curve } from "../api/series";
import { csvOf, fileName } from "./saving";
import { boundsOf, followed } from "./use_curves";

function curve(run: string, steps: number[]): Curve {
  const numbers = Float64Array.from(steps);
  return {
    run,
    path: "p",
    total: steps.length,
    inRange: steps.length,
    startedMs: 0,
    steps: numbers,
    values: numbers,
    times: null,
  };
}

test("new points are put behind those of their own series", () => {
  const both = followed([curve("R-1", [0, 1]), curve("R-2", [0])], [curve("R-1", [2]), curve("R-3", [5])]);
  expect(both.map((one) => [one.run, [...one.steps]])).toEqual([
    ["R-1", [0, 1, 2]],
    ["R-2", [0]],
    ["R-3", [5]],
  ]);
});

test("a range is told as steps or as moments", () => {
  expect(boundsOf(null, "step", 0, 0)).toEqual({});
  expect(boundsOf([2, 3], "step", 0, 0)).toEqual({ first: 2, last: 3 });
  expect(boundsOf([2, 3], "absolute", 0, 0)).toEqual({ first: 2000, last: 3000 });
  expect(boundsOf([2, 3], "relative", 100, 500)).toEqual({ first: 2100, last: 3500 });
});

test("a table has a row for each point, and no formula", () => {
  const one = { ...curve("=R", [1]), path: 'a,"b"', times: Float64Array.from([0]) };
  expect(csvOf([one])).toBe('run,path,step,time,value\r\n\'=R,"a,""b""",1,1970-01-01T00:00:00.000Z,1\r\n');
  expect(fileName("train/box loss")).toBe("train_box_loss");
});
