/** Series of several runs: asked for in one request, read from the binary form that the server sends. */
import { ask, route, type Schemas } from "./client";

export const SERIES_TYPE = "application/vnd.neptune-yolo.series";

export type SeriesSearch = Schemas["SeriesSearch"];

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
  }[];
}

const ARRAYS: Record<string, (data: ArrayBuffer, offset: number, count: number) => ArrayLike<number>> = {
  f4: (data, offset, count) => new Float32Array(data, offset, count),
  f8: (data, offset, count) => new Float64Array(data, offset, count),
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
  return header.series.map((series) => ({
    run: series.run,
    path: series.path,
    total: series.total,
    inRange: series.in_range,
    startedMs: series.started_ms,
    steps: read(series.steps, series.shown),
    values: read(series.values, series.shown),
    times: series.times ? read(series.times, series.shown) : null,
  }));
}

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
