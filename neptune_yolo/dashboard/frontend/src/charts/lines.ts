/** From the points of series to lines on a chart: their axis, smoothing, and bands of runs that belong together. */
import type uPlot from "uplot";

import type { Curve } from "../api/series";
import { phaseOf } from "./metrics";
import type { ChartSettings, XAxis } from "./settings";
import { smooth } from "./smoothing";

/** A run as a chart shows it; `group` is what it shares with others. */
export interface ChartRun {
  sys_id: string;
  name: string;
  group: string | null;
}

export interface Line {
  key: string;
  label: string;
  /** Whose colour it has: a run, or a group. */
  owner: string;
  /** Drawn faintly: training, where validation is in the same chart. */
  faint: boolean;
  x: Float64Array;
  y: Float64Array;
  /** What is drawn behind it: the points before smoothing, or what a group lies between. */
  behind: { kind: "raw"; y: Float64Array } | { kind: "band"; low: Float64Array; high: Float64Array } | null;
}

/** Positions along a band of grouped runs. */
const BAND_POINTS = 300;

const FAINT = new Set(["train", "training"]);

/** The group of a run among grouped ones. */
export function groupOf(run: { group: string | null }): string {
  return run.group ?? "(none)";
}

/** Where points stand: steps, seconds since the run began, or seconds since 1970. */
export function axisOf(curve: Curve, x: XAxis): Float64Array {
  if (x === "step" || !curve.times) return curve.steps;
  const { startedMs } = curve;
  const moments =
    x === "relative" ? curve.times.map((ms) => (ms - startedMs) / 1000) : curve.times.map((ms) => ms / 1000);
  let latest = -Infinity;
  return moments.map((moment) => (latest = Math.max(latest, moment)));
}

/** The lines of a chart: one for each series, or with groups one for each group and metric. */
export function linesOf(
  curves: readonly Curve[],
  runs: readonly ChartRun[],
  settings: ChartSettings,
  grouped: boolean,
): Line[] {
  const known = new Map(runs.map((run) => [run.sys_id, run]));
  const paths = new Set(curves.map((curve) => curve.path));
  const plain = curves.flatMap((curve) => {
    const run = known.get(curve.run);
    if (!run || !curve.steps.length) return [];
    const x = axisOf(curve, settings.x);
    return [{ curve, group: groupOf(run), ...usable(x, curve.values, settings) }];
  });
  const label = (owner: string, path: string) => (paths.size > 1 ? `${owner} ${phaseOf(path).phase ?? path}` : owner);
  const isFaint = (path: string) => paths.size > 1 && FAINT.has((phaseOf(path).phase ?? "").toLowerCase());
  if (!grouped) {
    return plain.map(({ curve, x, y }) => ({
      key: `${curve.run} ${curve.path}`,
      label: label(curve.run, curve.path),
      owner: curve.run,
      faint: isFaint(curve.path),
      x,
      y: smooth(y, settings.smoothing),
      behind: settings.smoothing.kind === "none" ? null : { kind: "raw" as const, y },
    }));
  }
  const groups = new Map<string, typeof plain>();
  for (const one of plain) {
    const key = JSON.stringify([one.group, one.curve.path]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].flatMap(([key, members]) => {
    const first = members[0];
    if (!first) return [];
    const { x, low, high, mean } = band(members.map((one) => ({ x: one.x, y: smooth(one.y, settings.smoothing) })));
    const owner = `${first.group} (${members.length})`;
    return {
      key,
      label: label(owner, first.curve.path),
      owner: first.group,
      faint: isFaint(first.curve.path),
      x,
      y: mean,
      behind: { kind: "band" as const, low, high },
    };
  });
}

/** Points that an axis can show: a logarithm has no zero. */
function usable(x: Float64Array, y: Float64Array, settings: ChartSettings): { x: Float64Array; y: Float64Array } {
  const values = settings.yLog ? y.map((value) => (value > 0 ? value : NaN)) : y;
  if (!settings.xLog || settings.x === "absolute") return { x, y: values };
  const first = x.findIndex((place) => place > 0);
  const from = first < 0 ? x.length : first;
  return { x: x.subarray(from), y: values.subarray(from) };
}

/** Smallest, largest and mean of lines at the same places, each read between its points. */
export function band(lines: readonly { x: Float64Array; y: Float64Array }[]): {
  x: Float64Array;
  low: Float64Array;
  high: Float64Array;
  mean: Float64Array;
} {
  const drawn = lines.filter((line) => line.x.length);
  const begin = Math.min(...drawn.map((line) => line.x[0] ?? Infinity));
  const end = Math.max(...drawn.map((line) => line.x[line.x.length - 1] ?? -Infinity));
  const longest = Math.max(0, ...drawn.map((line) => line.x.length));
  const count = begin < end ? Math.min(BAND_POINTS, Math.max(2, longest)) : drawn.length ? 1 : 0;
  const x = Float64Array.from({ length: count }, (_, index) =>
    count === 1 ? begin : begin + ((end - begin) * index) / (count - 1),
  );
  const low = new Float64Array(count).fill(Infinity);
  const high = new Float64Array(count).fill(-Infinity);
  const sum = new Float64Array(count);
  const members = new Uint32Array(count);
  for (const line of drawn) {
    let at = 0;
    x.forEach((place, index) => {
      while (at + 1 < line.x.length && (line.x[at + 1] ?? Infinity) <= place) at += 1;
      const value = between(line, at, place);
      if (!Number.isFinite(value)) return;
      low[index] = Math.min(low[index] ?? value, value);
      high[index] = Math.max(high[index] ?? value, value);
      sum[index] = (sum[index] ?? 0) + value;
      members[index] = (members[index] ?? 0) + 1;
    });
  }
  const mean = sum.map((total, index) => (members[index] ? total / (members[index] ?? 1) : NaN));
  const there = (edge: Float64Array) => edge.map((value, index) => (members[index] ? value : NaN));
  return { x, low: there(low), high: there(high), mean };
}

function between(line: { x: Float64Array; y: Float64Array }, at: number, place: number): number {
  const left = line.x[at] ?? NaN;
  const value = line.y[at] ?? NaN;
  if (place === left) return value;
  const right = line.x[at + 1];
  if (place < left || right === undefined) return NaN;
  return value + (((line.y[at + 1] ?? NaN) - value) * (place - left)) / (right - left);
}

type Column = (number | null | undefined)[];

/** Lines as uPlot takes them: one axis for all, then what is behind the lines, then the lines themselves. */
export function tableOf(lines: readonly Line[]): uPlot.AlignedData {
  const places = uniquePlaces(lines);
  const behind = lines.flatMap((line) => behindOf(line).map((values) => placed(places, line.x, values)));
  return [places, ...behind, ...lines.map((line) => placed(places, line.x, line.y))] as uPlot.AlignedData;
}

/** Columns of each line in the table: its own, and those behind it. */
export function columnsOf(lines: readonly Line[]): { own: number; behind: number[] }[] {
  let next = 1;
  const behind = lines.map((line) => behindOf(line).map(() => next++));
  return behind.map((columns) => ({ own: next++, behind: columns }));
}

function uniquePlaces(lines: readonly Line[]): Float64Array {
  const all = new Float64Array(lines.reduce((count, line) => count + line.x.length, 0));
  let at = 0;
  for (const line of lines) {
    all.set(line.x, at);
    at += line.x.length;
  }
  return all.sort().filter((place, index) => place !== all[index - 1]);
}

/** Values at the places of all lines: nothing where a line has no point, null where its point is no number. */
function placed(places: Float64Array, x: Float64Array, values: Float64Array): Column {
  const column = new Array<number | null | undefined>(places.length);
  let at = 0;
  x.forEach((place, index) => {
    while ((places[at] ?? Infinity) < place) at += 1;
    const value = values[index] ?? NaN;
    column[at] = Number.isFinite(value) ? value : null;
  });
  return column;
}

/** The columns behind a line. */
export function behindOf(line: Line): Float64Array[] {
  if (!line.behind) return [];
  return line.behind.kind === "raw" ? [line.behind.y] : [line.behind.low, line.behind.high];
}

/** Lowest and highest value that a chart shows; without outliers, 1 % of the values lie below and above. */
export function heightOf(
  lines: readonly Line[],
  ignoreOutliers: boolean,
  from = -Infinity,
  to = Infinity,
): [number, number] | null {
  const values: number[] = [];
  for (const line of lines) {
    for (const column of [line.y, ...behindOf(line)]) {
      column.forEach((value, index) => {
        const place = line.x[index] ?? NaN;
        if (Number.isFinite(value) && place >= from && place <= to) values.push(value);
      });
    }
  }
  if (!values.length) return null;
  const sorted = Float64Array.from(values).sort();
  const skipped = ignoreOutliers ? Math.floor(sorted.length / 100) : 0;
  return [sorted[skipped] ?? NaN, sorted[sorted.length - 1 - skipped] ?? NaN];
}
