/** From the points of series to lines on a chart: their axis, smoothing, and bands of runs that belong together. */
import type uPlot from "uplot";

import type { Curve, Parts } from "../api/series";
import { dashesAmong } from "../ui/colours";
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
  /** What is drawn behind it: the points before smoothing, or what a group or all left out points lie between. */
  behind: { kind: "raw"; y: Float64Array } | { kind: "band"; low: Float64Array; high: Float64Array } | null;
  /** Of the line, in CSS pixels; empty for an unbroken one. */
  dashes: readonly number[];
  /** The latest value; that of the line may be a mean. */
  last: number;
}

interface Points {
  x: Float64Array;
  y: Float64Array;
  /** Between which the points lie that `y` is the mean of. */
  range: { low: Float64Array; high: Float64Array } | null;
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
  if (!curves.length) return [];
  const known = new Map(runs.map((run) => [run.sys_id, run]));
  const paths = new Set(curves.map((curve) => curve.path));
  const plain = curves.flatMap((curve) => {
    const run = known.get(curve.run);
    if (!run || !curve.steps.length) return [];
    return [{ curve, group: groupOf(run), last: last(curve.values), ...usable(pointsOf(curve, settings), settings) }];
  });
  const dashes = dashesAmong(runs.map((run) => (grouped ? groupOf(run) : run.sys_id)));
  const isFamily = new Set([...paths].map((path) => phaseOf(path).rest)).size === 1; // what phases tell apart
  const label = (owner: string, path: string) =>
    paths.size > 1 ? `${owner} ${(isFamily ? phaseOf(path).phase : null) ?? path}` : owner;
  const isFaint = (path: string) => paths.size > 1 && FAINT.has((phaseOf(path).phase ?? "").toLowerCase());
  if (!grouped) {
    return plain.map(({ curve, x, y, range, last }) => ({
      key: `${curve.run} ${curve.path}`,
      label: label(curve.run, curve.path),
      owner: curve.run,
      faint: isFaint(curve.path),
      dashes: dashes.get(curve.run) ?? [],
      x,
      y: smooth(y, settings.smoothing),
      behind: range
        ? { kind: "band" as const, ...range }
        : settings.smoothing.kind === "none"
          ? null
          : { kind: "raw" as const, y },
      last,
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
    const { x, low, high, mean } = band(members.map((one) => ({ ...one, y: smooth(one.y, settings.smoothing) })));
    const owner = `${first.group} (${members.length})`;
    return {
      key,
      label: label(owner, first.curve.path),
      owner: first.group,
      faint: isFaint(first.curve.path),
      dashes: dashes.get(first.group) ?? [],
      x,
      y: mean,
      behind: { kind: "band" as const, low, high },
      last: last(mean),
    };
  });
}

/** Whether the x axis is logarithmic; that of moments cannot be. */
export function isLogAxis(settings: ChartSettings): boolean {
  return settings.xLog && settings.x !== "absolute";
}

/** The points of a series, or where some were left out the mean and the range of each of its parts. */
export function pointsOf(curve: Curve, settings: ChartSettings): Points {
  const places = axisOf(curve, settings.x);
  const { parts, values } = curve;
  if (!parts) return { x: places, y: values, range: null };
  const middles = middlesOf(parts, places[0] ?? 0, places[parts.points - 1] ?? 0, isLogAxis(settings));
  const newer = values.subarray(parts.points);
  return {
    x: joined(middles, places.subarray(parts.points)),
    y: joined(parts.mean, newer),
    range: { low: joined(parts.low, newer), high: joined(parts.high, newer) },
  };
}

/** Where parts of an axis stand: in their middle, the first and the last one at the ends. */
function middlesOf({ at, count }: Parts, begin: number, end: number, isLog: boolean): Float64Array {
  const byFactor = isLog && begin > 0;
  return at.map((part, index) => {
    if (index === 0) return begin;
    if (index === at.length - 1) return end;
    const share = (part + 0.5) / count;
    return byFactor ? begin * (end / begin) ** share : begin + (end - begin) * share;
  });
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  if (!second.length) return first;
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function last(values: Float64Array): number {
  return values[values.length - 1] ?? NaN;
}

/** Points that an axis can show: a logarithm has no zero. */
function usable({ x, y, range }: Points, settings: ChartSettings): Points {
  const first = isLogAxis(settings) ? x.findIndex((place) => place > 0) : 0;
  const from = first < 0 ? x.length : first;
  const fit = (values: Float64Array) => {
    const shown = from ? values.subarray(from) : values;
    return settings.yLog ? shown.map((value) => (value > 0 ? value : NaN)) : shown;
  };
  return {
    x: from ? x.subarray(from) : x,
    y: fit(y),
    range: range && { low: fit(range.low), high: fit(range.high) },
  };
}

/** Smallest, largest and mean of lines at the same places, each read between its points. */
export function band(
  lines: readonly { x: Float64Array; y: Float64Array; range?: { low: Float64Array; high: Float64Array } | null }[],
): {
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
      const value = between(line.x, line.y, at, place);
      if (!Number.isFinite(value)) return;
      const least = line.range ? between(line.x, line.range.low, at, place) : value;
      const most = line.range ? between(line.x, line.range.high, at, place) : value;
      low[index] = Math.min(low[index] ?? value, Number.isFinite(least) ? least : value);
      high[index] = Math.max(high[index] ?? value, Number.isFinite(most) ? most : value);
      sum[index] = (sum[index] ?? 0) + value;
      members[index] = (members[index] ?? 0) + 1;
    });
  }
  const mean = sum.map((total, index) => (members[index] ? total / (members[index] ?? 1) : NaN));
  const there = (edge: Float64Array) => edge.map((value, index) => (members[index] ? value : NaN));
  return { x, low: there(low), high: there(high), mean };
}

function between(x: Float64Array, y: Float64Array, at: number, place: number): number {
  const left = x[at] ?? NaN;
  const value = y[at] ?? NaN;
  if (place === left) return value;
  const right = x[at + 1];
  if (place < left || right === undefined) return NaN;
  return value + (((y[at + 1] ?? NaN) - value) * (place - left)) / (right - left);
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
