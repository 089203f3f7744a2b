import { expect, test } from "vitest";

import type { Curve } from "../api/series";
import { csvOf, fileName } from "./saving";
import { boundsOf, completed, followed } from "./use_curves";

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
    parts: null,
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

test("a range of a series that is known whole is a part of it", () => {
  const part = { ...curve("R-1", [5]), total: 3, inRange: 1 };
  const other = { ...curve("R-2", [5]), total: 900, inRange: 1 };
  const [one, two] = completed([part, other], [curve("R-1", [1, 5, 9]), { ...curve("R-2", [1, 9]), total: 900 }]);
  expect([[...(one?.steps ?? [])], one?.inRange]).toEqual([[1, 5, 9], 1]);
  expect([...(two?.steps ?? [])]).toEqual([5]);
});

test("a range is told as steps, or as milliseconds", () => {
  expect(boundsOf(null, "step")).toEqual({});
  expect(boundsOf([2, 3], "step")).toEqual({ first: 2, last: 3 });
  expect(boundsOf([2, 3], "absolute")).toEqual({ first: 2000, last: 3000 });
  expect(boundsOf([2, 3], "relative")).toEqual({ first: 2000, last: 3000 });
});

test("a table has a row for each point, and no formula", () => {
  const one = { ...curve("=R", [1]), path: 'a,"b"', times: Float64Array.from([0]) };
  expect(csvOf([one])).toBe('run,path,step,time,value\r\n\'=R,"a,""b""",1,1970-01-01T00:00:00.000Z,1\r\n');
  expect(fileName("train/box loss")).toBe("train_box_loss");
});
