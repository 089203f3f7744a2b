import { expect, test } from "vitest";

import { appended, type Curve, decodeSeries } from "./series";

function pack(header: unknown, body: Uint8Array): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const begin = Math.ceil((4 + text.length) / 8) * 8;
  const data = new ArrayBuffer(begin + body.length);
  new DataView(data).setUint32(0, text.length, true);
  new Uint8Array(data).set(text, 4);
  new Uint8Array(data).set(body, begin);
  return data;
}

test("steps are distances from each other, values numbers of either width", () => {
  const body = new Uint8Array(24);
  const view = new DataView(body.buffer);
  [0, 1, 3].forEach((distance, index) => {
    view.setUint16(2 * index, distance, true);
  });
  [0.5, -1, 2.25].forEach((value, index) => {
    view.setFloat32(8 + 4 * index, value, true);
  });
  const series = { run: "YOL-1", path: "train/loss", total: 900, in_range: 800, shown: 3, started_ms: 5 };
  const packed = { steps: { offset: 0, type: "u2", start: 7 }, values: { offset: 8, type: "f4", start: null } };

  const [curve] = decodeSeries(pack({ series: [{ ...series, ...packed, times: null }] }, body));

  expect(curve?.steps).toEqual(Float64Array.from([7, 8, 11]));
  expect(curve?.values).toEqual(Float64Array.from([0.5, -1, 2.25]));
  expect([curve?.total, curve?.inRange, curve?.startedMs, curve?.times]).toEqual([900, 800, 5, null]);
});

test("parts of a thinned series have a range and a mean", () => {
  const body = new Uint8Array(40);
  const view = new DataView(body.buffer);
  [5, 1, 3, 7].forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  body.set([2, 0, 1, 1], 16);
  body.set([51, 0, 255], 24);
  const place = { offset: 32, type: "u1", start: 0 };
  const header = {
    ...{ run: "R", path: "p", total: 90, in_range: 90, shown: 4, started_ms: 5, steps: place, times: null },
    values: { offset: 0, type: "f4" },
    parts: { count: 4, filled: 3, sizes: { offset: 16, type: "u1" }, means: { offset: 24, type: "u1" } },
  };

  const [curve] = decodeSeries(pack({ series: [header] }, body));

  expect(curve?.parts).toEqual({
    count: 4,
    points: 4,
    at: Float64Array.from([0, 2, 3]),
    low: Float64Array.from([1, 3, 7]),
    high: Float64Array.from([5, 3, 7]),
    mean: Float64Array.from([1.8, 3, 7]),
  });
});

test("an unknown type of numbers is told", () => {
  const series = { run: "R", path: "p", total: 1, in_range: 1, shown: 1, started_ms: 0 };
  const place = { offset: 0, type: "x9" };
  const data = pack({ series: [{ ...series, steps: place, values: place }] }, new Uint8Array(8));
  expect(() => decodeSeries(data)).toThrow(/Reload/);
});

test("new points follow the earlier ones", () => {
  const curve = (steps: number[], total: number): Curve => ({
    run: "R",
    path: "p",
    total,
    inRange: steps.length,
    startedMs: 0,
    steps: Float64Array.from(steps),
    values: Float64Array.from(steps),
    times: null,
    parts: null,
  });
  expect(appended(curve([1, 2], 2), curve([3], 3))).toEqual(curve([1, 2, 3], 3));
  expect(appended(curve([1, 2], 2), curve([], 2)).steps).toEqual(Float64Array.from([1, 2]));
});
