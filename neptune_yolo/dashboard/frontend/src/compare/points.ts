/** Runs as points: which columns there are, and the numbers of each run. */
import { type Comparison, type Figure, goalOf, isConfiguration, isMetric, numberOf, type Row, textOf } from "./facts";
import { formatNumber } from "../ui/format";

/** A run with its values, in the order of the columns. */
export interface Point {
  run: string;
  name: string;
  numbers: (number | null)[];
  texts: string[];
}

export interface Columns {
  settings: string[];
  metrics: string[];
}

const FEW = 24;

/** Whether at least one run has a number there. */
function hasNumbers(row: Row): boolean {
  return row.cells.some((cell) => numberOf(cell, "last", null) !== null);
}

/** Whether at least two runs have values that are not the same; what only some runs have says little. */
export function isVaried(row: Row): boolean {
  return new Set(row.cells.flatMap((cell) => (cell ? [textOf(cell, row.type)] : []))).size > 1;
}

/** Columns that can be chosen; with `categories`, settings of few texts, too. Those that differ come first. */
export function columnsOf(comparison: Comparison, categories: boolean): Columns {
  const usable = comparison.rows.filter((row) => hasNumbers(row) || (categories && isCategory(row)));
  const rank = (row: Row) => (isVaried(row) ? 0 : row.differs ? 1 : 2);
  const ordered = [0, 1, 2].flatMap((wanted) => usable.filter((row) => rank(row) === wanted));
  return {
    settings: ordered.filter(isConfiguration).map((row) => row.path),
    metrics: usable.filter((row) => isMetric(row) && hasNumbers(row)).map((row) => row.path),
  };
}

function isCategory(row: Row): boolean {
  if (row.type !== "string" && row.type !== "bool") return false;
  const texts = new Set(row.cells.map((cell) => textOf(cell, row.type)));
  return texts.size <= FEW && [...texts].every((text) => text.length <= 60);
}

/** The runs of a comparison with their values at some paths. */
export function pointsOf(comparison: Comparison, paths: readonly string[], figure: Figure): Point[] {
  const rows = new Map(comparison.rows.map((row) => [row.path, row]));
  return comparison.runs.map((run, at) => ({
    run: run.sys_id,
    name: run.name,
    numbers: paths.map((path) => numberOf(rows.get(path)?.cells[at] ?? null, figure, goalOf(path))),
    texts: paths.map((path) => {
      const row = rows.get(path);
      const cell = row?.cells[at] ?? null;
      if (!row || !cell) return "—";
      if (!cell.series) return textOf(cell, row.type);
      const number = numberOf(cell, figure, goalOf(path));
      return number === null ? "—" : formatNumber(number, 6);
    }),
  }));
}

/** The metric that most people look at first. */
export function mainMetric(metrics: readonly string[]): string | undefined {
  const wanted = [
    /^metrics\/mAP50-95\(M\)$/,
    /^metrics\/mAP50-95/,
    /^metrics\/accuracy_top1$/,
    /^metrics\/mIoU/,
    /^metrics\//,
  ];
  for (const pattern of wanted) {
    const found = metrics.find((path) => pattern.test(path));
    if (found !== undefined) return found;
  }
  return metrics[0];
}

/** What is drawn before the reader chooses: the main metric over a setting, of those that most runs have. */
export function usualAxes(comparison: Comparison, { settings, metrics }: Columns): { x?: string; y?: string } {
  const rows = new Map(comparison.rows.map((row) => [row.path, row]));
  const has = (path: string, at: number) => numberOf(rows.get(path)?.cells[at] ?? null, "last", null) !== null;
  const everyRun = comparison.runs.map((_, at) => at);
  const y = mainMetric(mostHad(metrics, everyRun, has)) ?? settings[1];
  const drawn = y === undefined ? everyRun : everyRun.filter((at) => has(y, at));
  const others = mostHad(
    [...settings, ...metrics].filter((path) => path !== y),
    drawn,
    has,
  );
  const x = others[0] ?? y;
  return { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) };
}

/** Of some paths those that more than half as many runs have as the most frequent one, in their order. */
function mostHad(
  paths: readonly string[],
  runs: readonly number[],
  has: (path: string, run: number) => boolean,
): string[] {
  const counts = paths.map((path) => runs.filter((run) => has(path, run)).length);
  const most = Math.max(0, ...counts);
  return paths.filter((_, at) => (counts[at] ?? 0) > most / 2);
}

/** A range that was brushed on an axis, in places from 0 to 1 of its scale. */
export type Brush = readonly [number, number];

/** Positions of the points that lie within every brush; `places` are those of each point on each axis. */
export function withinBrushes(
  places: readonly (readonly (number | null)[])[],
  brushes: ReadonlyMap<number, readonly Brush[]>,
): number[] {
  const active = [...brushes].filter(([, ranges]) => ranges.length > 0);
  return places.flatMap((point, at) =>
    active.every(([axis, ranges]) => {
      const place = point[axis];
      return place !== null && place !== undefined && ranges.some(([low, high]) => place >= low && place <= high);
    })
      ? [at]
      : [],
  );
}

/** Several paths in an address, and back; null where none were chosen. */
export function readPaths(text: string | null): string[] | null {
  if (text === null) return null;
  return text.split(",").filter(Boolean).map(decoded);
}

export function writePaths(paths: readonly string[]): string {
  return paths.map((path) => encodeURIComponent(path)).join(",");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export interface AxisValues {
  values: (number | null)[];
  /** Texts whose positions are the values; null for an axis of numbers. */
  categories: string[] | null;
  /** Whether the numbers reach over so many orders that a logarithmic axis shows them better. */
  log: boolean;
}

/** The values of a column on an axis: numbers if all are, else the positions of their texts. */
export function axisValues(points: readonly Point[], column: number): AxisValues {
  const texts = points.map((point) => point.texts[column] ?? "—");
  const numbers = points.map((point) => point.numbers[column] ?? null);
  const isNumeric = texts.every(
    (text, at) => text === "—" || (numbers[at] !== null && text !== "true" && text !== "false"),
  );
  if (!isNumeric) {
    const categories = [...new Set(texts.filter((text) => text !== "—"))].sort();
    return { values: texts.map((text) => (text === "—" ? null : categories.indexOf(text))), categories, log: false };
  }
  const known = numbers.filter((value): value is number => value !== null);
  const least = Math.min(...known);
  return { values: numbers, categories: null, log: least > 0 && Math.max(...known) / least >= 50 };
}
