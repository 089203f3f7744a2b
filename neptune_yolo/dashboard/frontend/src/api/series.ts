/** Series of several runs: asked for in one request, read from the binary form that the server sends. */
import { ask, route, type Schemas } from "./client";

export const SERIES_TYPE = "application/vnd.neptune-yolo.series";

export type SeriesSearch = Omit<Schemas["SeriesSearch"], "limit"> & Partial<Pick<Schemas["SeriesSearch"], "limit">>;

export interface ProjectName {
  workspace: string;
  project: string;
}

/** Points of a series; `times` (ms since 1970) only where they were asked for. */
export interface Curve {
  run: string;
  path: string;
  /** Points of the whole series. */
  total: number;
  /** Points of the range that was asked for; more than there are here if they were thinned. */
  inRange: number;
  /** When the run began, in ms since 1970. */
  startedMs: number;
  steps: Float64Array;
  values: Float64Array;
  times: Float64Array | null;
  /** What the points stand for if some were left out; null if all are there. */
  parts: Parts | null;
}

/** Parts of a thinned series that have points, by their numbers: what all points of each come to. */
export interface Parts {
  /** Into how many the range was divided, from the place of the first point to that of the last. */
  count: number;
  /** Points that the parts account for; what comes behind them is newer. */
  points: number;
  at: Float64Array;
  low: Float64Array;
  high: Float64Array;
  mean: Float64Array;
}

interface Packed {
  offset: number;
  type: string;
  start?: number | null;
}

interface Header {
  series: {
    run: string;
    path: string;
    total: number;
    in_range: number;
    shown: number;
    started_ms: number;
    steps: Packed;
    values: Packed;
    times?: Packed | null;
    parts?: { count: number; filled: number; sizes: Packed; means: Packed } | null;
  }[];
}

const ARRAYS: Record<string, (data: ArrayBuffer, offset: number, count: number) => ArrayLike<number>> = {
  f4: (data, offset, count) => new Float32Array(data, offset, count),
  f8: (data, offset, count) => new Float64Array(data, offset, count),
  u1: (data, offset, count) => new Uint8Array(data, offset, count),
  u2: (data, offset, count) => new Uint16Array(data, offset, count),
  u4: (data, offset, count) => new Uint32Array(data, offset, count),
};

/** Read a binary answer. */
export function decodeSeries(data: ArrayBuffer): Curve[] {
  const length = new DataView(data).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))) as Header;
  const begin = Math.ceil((4 + length) / 8) * 8;
  const read = (packed: Packed, count: number): Float64Array => {
    const make = ARRAYS[packed.type];
    if (!make) throw new Error(`Expected numbers of a known type, got ${packed.type}. Reload the page.`);
    const numbers = Float64Array.from(make(data, begin + packed.offset, count));
    if (packed.start !== undefined && packed.start !== null) {
      let at = packed.start;
      for (let index = 0; index < count; index += 1) {
        at += numbers[index] ?? 0;
        numbers[index] = at;
      }
    }
    return numbers;
  };
  return header.series.map((series) => {
    const values = read(series.values, series.shown);
    const { parts } = series;
    return {
      run: series.run,
      path: series.path,
      total: series.total,
      inRange: series.in_range,
      startedMs: series.started_ms,
      steps: read(series.steps, series.shown),
      values,
      times: series.times ? read(series.times, series.shown) : null,
      parts: parts ? partsOf(values, read(parts.sizes, parts.count), read(parts.means, parts.filled)) : null,
    };
  });
}

/** Ranges and means of parts, of which there are so many points each; shares say where the means lie, from 0 to 255. */
function partsOf(values: Float64Array, sizes: Float64Array, shares: Float64Array): Parts {
  const [at, low, high, mean] = [0, 1, 2, 3].map(() => new Float64Array(shares.length)) as Columns;
  let next = 0;
  let points = 0;
  sizes.forEach((size, part) => {
    if (size === 0) return;
    const own = values.subarray(points, points + size);
    const [least, most] = [Math.min(...own), Math.max(...own)];
    at[next] = part;
    low[next] = least;
    high[next] = most;
    mean[next] = least + ((most - least) * (shares[next] ?? 0)) / 255;
    points += size;
    next += 1;
  });
  return { count: sizes.length, points, at, low, high, mean };
}

type Columns = [Float64Array, Float64Array, Float64Array, Float64Array];

/** Ask for series of runs of a project. */
export async function askSeries(project: ProjectName, body: SeriesSearch, signal?: AbortSignal): Promise<Curve[]> {
  const options = { method: "POST" as const, body, headers: { Accept: SERIES_TYPE } };
  const path = route("projects", project.workspace, project.project, "series");
  const answer = await ask(path, signal ? { ...options, signal } : options);
  return decodeSeries(await answer.arrayBuffer());
}

/** A series with its new points behind it; the earlier arrays stay as they are. */
export function appended(curve: Curve, news: Curve): Curve {
  if (!news.steps.length) return { ...curve, total: news.total };
  return {
    ...curve,
    total: news.total,
    inRange: curve.inRange + news.inRange,
    steps: joined(curve.steps, news.steps),
    values: joined(curve.values, news.values),
    times: curve.times && news.times ? joined(curve.times, news.times) : null,
  };
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
