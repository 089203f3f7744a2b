/** Curves over classes: their data, and the lines they become. Pure functions. */

export interface CurvesFile {
  kind: "curves";
  name: string;
  title: string;
  step: number | null;
  x_label: string;
  y_label: string;
  x: number[];
  y: (number | null)[][];
  mean: (number | null)[];
  class_index: number[];
  class_names: string[];
  labels: number[];
  score_label: string;
  scores: (number | null)[];
  best_x: number | null;
}

export interface MatrixFile {
  kind: "confusion_matrix";
  name: string;
  title: string;
  step: number | null;
  names: string[];
  background: boolean;
  unit: string;
  matrix?: number[][];
  cells?: [number, number, number][];
}

export interface ValuesFile {
  kind: "class_values";
  name: string;
  title: string;
  step: number | null;
  value_label: string;
  unit: string;
  mean: number | null;
  class_index: number[];
  class_names: string[];
  labels: number[];
  values: (number | null)[];
}

export type PlotFile = CurvesFile | MatrixFile | ValuesFile;

const KINDS = new Set(["curves", "confusion_matrix", "class_values"]);

/** Check a plot's data. */
export function readPlot(content: unknown): PlotFile {
  const plot = content as { schema?: unknown; kind?: unknown } | null;
  if (plot?.schema !== 1 || typeof plot.kind !== "string" || !KINDS.has(plot.kind)) {
    throw new Error(
      `Data of a plot with schema 1 was expected; this file has schema ${String(plot?.schema)} and kind ` +
        `${String(plot?.kind)}. Update the server to look at it.`,
    );
  }
  return content as PlotFile;
}

/** One curve that is drawn. */
export interface Line {
  key: string;
  label: string;
  run: string;
  /** Class of the line; null for the mean. */
  class: number | null;
  score: number | null;
  x: number[];
  y: (number | null)[];
  best_x: number | null;
}

/** The lines of some classes (by their index) of a run's curves; the mean comes first. */
export function linesOf(run: string, curves: CurvesFile, classes: ReadonlySet<number>): Line[] {
  const known = curves.scores.filter((score) => score !== null);
  const mean = known.length ? known.reduce((sum, score) => sum + score, 0) / known.length : null;
  const shared = { run, x: curves.x, best_x: curves.best_x };
  const lines: Line[] = [
    { ...shared, key: `${run} mean`, label: "all classes", class: null, score: mean, y: curves.mean },
  ];
  curves.class_index.forEach((index, row) => {
    const y = curves.y[row];
    if (!y || !classes.has(index)) return;
    const label = curves.class_names[row] ?? String(index);
    lines.push({ ...shared, key: `${run} ${index}`, label, class: index, score: curves.scores[row] ?? null, y });
  });
  return lines;
}

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const FRAME: Frame = { width: 460, height: 300, left: 44, right: 10, top: 10, bottom: 36 };

export const toX = (x: number, frame = FRAME) => frame.left + x * (frame.width - frame.left - frame.right);
export const toY = (y: number, frame = FRAME) =>
  frame.height - frame.bottom - y * (frame.height - frame.top - frame.bottom);

/** The x in [0, 1] of a place in the frame. */
export function fromX(place: number, frame = FRAME): number {
  return Math.min(Math.max((place - frame.left) / (frame.width - frame.left - frame.right), 0), 1);
}

/** A curve as SVG path; values that are not known leave a gap. Points closer than half a pixel are left out. */
export function curvePath(x: readonly number[], y: readonly (number | null)[], frame = FRAME): string {
  let path = "";
  let isOpen = false;
  let [lastX, lastY] = [-Infinity, -Infinity];
  x.forEach((position, at) => {
    const value = y[at] ?? null;
    if (value === null) {
      isOpen = false;
      return;
    }
    const [px, py] = [toX(position, frame), toY(value, frame)];
    const isClose = Math.abs(px - lastX) < 0.5 && Math.abs(py - lastY) < 0.5;
    if (isOpen && isClose && at < x.length - 1) return;
    path += `${isOpen ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
    [lastX, lastY, isOpen] = [px, py, true];
  });
  return path;
}

/** Value of a curve at the known position nearest to x. */
export function valueAt(line: Pick<Line, "x" | "y">, x: number): number | null {
  let [low, high] = [0, line.x.length - 1];
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((line.x[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const isLow = Math.abs((line.x[low] ?? 0) - x) <= Math.abs((line.x[high] ?? 0) - x);
  return line.y[isLow ? low : high] ?? null;
}

export const MOST_CLASSES_AT_FIRST = 10;

/**
 * Classes that are drawn before the reader chooses: all of a few, else those with the most labels. Of several runs
 * none, but only what all classes are together: there, colours tell the runs.
 */
export function firstClasses(curves: readonly CurvesFile[], runs = 1): Set<number> {
  if (runs > 1) return new Set();
  const labels = new Map<number, number>();
  for (const one of curves) {
    one.class_index.forEach((index, row) => {
      labels.set(index, (labels.get(index) ?? 0) + (one.labels[row] ?? 0));
    });
  }
  const ranked = [...labels].sort(([, one], [, other]) => other - one).map(([index]) => index);
  return new Set(ranked.slice(0, MOST_CLASSES_AT_FIRST));
}
