/** Confusion matrices: counts, shares and differences. Pure functions. */
import type { MatrixFile } from "./curve_geometry";

export interface Confusion {
  names: string[];
  unit: string;
  background: boolean;
  /** Rows are predicted, columns true. */
  counts: number[][];
}

export type Measure = "counts" | "share";

/** The whole matrix, however it was written. */
export function readConfusion(file: MatrixFile): Confusion {
  const { names, unit, background } = file;
  const counts = file.matrix ?? names.map(() => names.map(() => 0));
  for (const [row, column, count] of file.cells ?? []) {
    const line = counts[row];
    if (line && column < line.length) line[column] = count;
  }
  return { names, unit, background, counts };
}

function columnSums(counts: readonly (readonly number[])[]): number[] {
  const sums = new Array<number>(counts[0]?.length ?? 0).fill(0);
  for (const row of counts) {
    row.forEach((count, column) => {
      sums[column] = (sums[column] ?? 0) + count;
    });
  }
  return sums;
}

/** Each count as share of all that are truly of its column; a column without any is null. */
export function byColumn(counts: readonly (readonly number[])[]): (number | null)[][] {
  const sums = columnSums(counts);
  return counts.map((row) =>
    row.map((count, column) => {
      const sum = sums[column] ?? 0;
      return sum > 0 ? count / sum : null;
    }),
  );
}

export function measured(matrix: Confusion, measure: Measure): (number | null)[][] {
  return measure === "share" ? byColumn(matrix.counts) : matrix.counts;
}

/** The classes of both matrices by name, those of the first one first and the background last. */
export function sharedNames(one: Confusion, other: Confusion): string[] {
  const classes = [one, other].flatMap(({ names, background }) => (background ? names.slice(0, -1) : names));
  const last = [one, other].flatMap(({ names, background }) => (background ? names.slice(-1) : []));
  return [...new Set([...classes, ...last])].filter((name) => classes.includes(name) || last.includes(name));
}

/** The second matrix less the first, for all names of either; null where one of them has no value. */
export function difference(
  one: Confusion,
  other: Confusion,
  measure: Measure,
): { names: string[]; cells: (number | null)[][] } {
  const names = sharedNames(one, other);
  const lookup = (matrix: Confusion) => {
    const cells = measured(matrix, measure);
    const places = names.map((name) => matrix.names.indexOf(name));
    return (row: number, column: number) => cells[places[row] ?? -1]?.[places[column] ?? -1] ?? null;
  };
  const [first, second] = [lookup(one), lookup(other)];
  const cells = names.map((_, row) =>
    names.map((_unused, column) => {
      const [before, after] = [first(row, column), second(row, column)];
      return before === null || after === null ? null : after - before;
    }),
  );
  return { names, cells };
}

/** Largest size of a value, at least so much that nothing is divided by zero. */
export function largest(cells: readonly (readonly (number | null)[])[]): number {
  let most = 0;
  for (const row of cells) for (const value of row) most = Math.max(most, Math.abs(value ?? 0));
  return most || 1;
}

/** A value as it stands in a cell: nothing for none. */
export function cellText(value: number | null, measure: Measure, isDifference: boolean): string {
  if (value === null || value === 0) return "";
  const text = measure === "counts" ? String(Math.abs(value)) : Math.abs(value).toFixed(2);
  if (measure === "share" && text === "0.00") return isDifference ? "" : "<.01";
  return value < 0 ? `−${text}` : isDifference ? `+${text}` : text;
}

/** The place that a key leads to from a cell; null for other keys. */
export function moved(key: string, [row, column]: readonly [number, number], size: number): [number, number] | null {
  const clamp = (value: number) => Math.min(Math.max(value, 0), size - 1);
  switch (key) {
    case "ArrowUp":
      return [clamp(row - 1), column];
    case "ArrowDown":
      return [clamp(row + 1), column];
    case "ArrowLeft":
      return [row, clamp(column - 1)];
    case "ArrowRight":
      return [row, clamp(column + 1)];
    case "Home":
      return [row, 0];
    case "End":
      return [row, size - 1];
    default:
      return null;
  }
}

export interface Mistake {
  row: number;
  column: number;
  count: number;
  /** Of all that are truly of the column; null if there are none. */
  share: number | null;
}

/** The most frequent confusions, the largest first: of the class of that very name, else of those that have the text in theirs. */
export function topMistakes(matrix: Confusion, find: string, most: number): { total: number; top: Mistake[] } {
  const { names, counts } = matrix;
  const part = find.trim().toLowerCase();
  const lower = names.map((name) => name.toLowerCase());
  const isName = lower.includes(part);
  const isWanted = lower.map((name) => (isName ? name === part : name.includes(part)));
  const sums = columnSums(counts);
  const found: Mistake[] = [];
  counts.forEach((line, row) => {
    line.forEach((count, column) => {
      if (!count || row === column || !(isWanted[row] || isWanted[column])) return;
      const sum = sums[column] ?? 0;
      found.push({ row, column, count, share: sum > 0 ? count / sum : null });
    });
  });
  found.sort((one, other) => other.count - one.count || (other.share ?? 0) - (one.share ?? 0));
  return { total: found.length, top: found.slice(0, most) };
}

/** The class that a search means: that of the very name, else the first that begins with it or has it within. */
export function searchedClass(names: readonly string[], find: string): number | null {
  const part = find.trim().toLowerCase();
  if (!part) return null;
  const lower = names.map((name) => name.toLowerCase());
  const exact = lower.indexOf(part);
  if (exact >= 0) return exact;
  const begins = lower.findIndex((name) => name.startsWith(part));
  const at = begins >= 0 ? begins : lower.findIndex((name) => name.includes(part));
  return at < 0 ? null : at;
}
