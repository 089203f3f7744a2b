/** What compared attributes mean: which are settings, which are results, what is better, and in what unit. */
import type { Schemas } from "../api/client";
import { formatMoment, formatNumber } from "../ui/format";

/** What is nothing is left out of an answer. */
type Summary = Partial<NonNullable<Schemas["ComparedCell"]["series"]>>;
export type Cell = (Partial<Omit<Schemas["ComparedCell"], "series">> & { series?: Summary | null }) | null;
export type Row = Omit<Schemas["ComparedAttribute"], "cells"> & { cells: Cell[] };
export type ComparedRun = Schemas["ComparedRun"];
export type Comparison = Omit<Schemas["ComparisonView"], "rows"> & { rows: Row[] };
export type Figure = "best" | "last" | "min" | "max";
export type Goal = "min" | "max" | null;

export const FIGURES: readonly Figure[] = ["best", "last", "min", "max"];

const RESULTS = /^(metrics|train|val|best|last|final|speed|epoch|lr|batch|tune\/metrics)\//;
const HOUSEKEEPING = /^(sys|monitoring|checkpoints|weights|predictions|Plots|Mosaic|Validation|model_registry)\//;
const SETTING_TYPES = new Set(["float", "int", "bool", "string", "datetime", "stringSet", "gitRef", "artifact"]);

/** Whether an attribute says what was run, and not what came out of it. */
export function isConfiguration(row: { path: string; type: string }): boolean {
  return SETTING_TYPES.has(row.type) && !RESULTS.test(row.path) && !HOUSEKEEPING.test(row.path);
}

/** Whether an attribute is a figure of what came out. */
export function isMetric(row: { path: string; type: string }): boolean {
  if (HOUSEKEEPING.test(row.path)) return false;
  return row.type === "floatSeries" || ((row.type === "float" || row.type === "int") && RESULTS.test(row.path));
}

const LOWER =
  /loss|error|\bmae\b|\brmse\b|abs_?rel|(^|[/_])(time|latency|seconds|inference|preprocess|postprocess|memory)/i;
const HIGHER = /map|precision|recall|accuracy|(^|[/_])acc($|[/_\d])|fitness|f1|iou|auc|images_per_second|delta1/i;

/** Whether less or more is better; null where neither is. */
export function goalOf(path: string): Goal {
  if (/loss/i.test(path)) return "min"; // also giou_loss
  if (HIGHER.test(path)) return "max";
  if (LOWER.test(path) || /^(train|val|batch)\//.test(path)) return "min";
  return /^(metrics|best\/metrics|last\/metrics|final\/metrics)\//.test(path) ? "max" : null;
}

const UNITS: readonly [RegExp, string][] = [
  [/images_per_second/, "1/s"],
  [/^speed\/|\(ms\)|_ms$/, "ms"],
  [/seconds$|^sys\/(running|monitoring)_time$/, "s"],
  [/GiB$/, "GiB"],
  [/size_bytes$|^sys\/size$/, "bytes"],
  [/^monitoring\/.+\/(cpu|gpu(_\d+)?)$/, "%"],
  [/^monitoring\/.+\/(gpu_)?memory(_\d+)?$/, "GiB"],
  [/^monitoring\/.+\/gpu_power(_\d+)?$/, "W"],
  [/GFLOPs$/, "10⁹ operations"],
];

/** The unit that belongs to a path; empty for plain numbers. */
export function unitOf(path: string): string {
  return UNITS.find(([pattern]) => pattern.test(path))?.[1] ?? "";
}

/** The number of a cell: an atom itself, of a series the figure asked for. */
export function numberOf(cell: Cell, figure: Figure, goal: Goal): number | null {
  if (!cell) return null;
  const wanted = figure === "best" ? (goal ?? "last") : figure;
  const series = cell.series;
  const value = series && wanted === "min" ? series.minimum : series && wanted === "max" ? series.maximum : cell.value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Positions of the best numbers; none if there is no goal, or nothing to choose from. */
export function bestOf(numbers: readonly (number | null)[], goal: Goal): Set<number> {
  const known = numbers.filter((value): value is number => value !== null);
  if (goal === null || known.length < 2 || known.every((value) => value === known[0])) return new Set();
  const best = goal === "min" ? Math.min(...known) : Math.max(...known);
  return new Set(numbers.flatMap((value, at) => (value === best ? [at] : [])));
}

/** Characters of a hash that tell it from others. */
const HASH_LENGTH = 12;

/** A value as people read it; an em dash where there is none. */
export function textOf(cell: Cell, type: string): string {
  if (!cell) return "—";
  const kind = cell.type ?? type;
  const value: unknown = cell.value;
  if (value === null || value === undefined) return "—";
  if (kind === "datetime" && typeof value === "number") return formatMoment(value, true);
  if (typeof value === "number") return formatNumber(value, 6);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string" && kind === "artifact") return value.slice(0, HASH_LENGTH);
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (Array.isArray(value)) return value.length ? value.join(", ") : "—";
  return JSON.stringify(value);
}

/** Which cells have another text than the first. */
export function othersThanFirst(row: Row): boolean[] {
  const [first, ...others] = row.cells.map((cell) => textOf(cell, row.type));
  return [false, ...others.map((text) => text !== first)];
}

/** The part of a path before its last name, and that name. */
export function splitPath(path: string): [string, string] {
  const at = path.lastIndexOf("/");
  return at < 0 ? ["", path] : [path.slice(0, at), path.slice(at + 1)];
}

/** Rows by the folder that they lie in, in the order in which they came. */
export function byFolder<T extends { path: string }>(rows: readonly T[]): [string, T[]][] {
  const folders = new Map<string, T[]>();
  for (const row of rows) {
    const [folder] = splitPath(row.path);
    const known = folders.get(folder);
    if (known) known.push(row);
    else folders.set(folder, [row]);
  }
  return [...folders];
}

/** A change against the first run: "+0.012", "−3". Empty where it cannot be told, or there is none. */
export function changeText(value: number | null, first: number | null): string {
  if (value === null || first === null || value === first) return "";
  const change = value - first;
  return change > 0 ? `+${formatNumber(change, 3)}` : formatNumber(change, 3);
}
