/** Which pictures runs have in common, and which step of a series is shown. */
import type { Row } from "./facts";

const EXTENSIONS = new Set(["png", "jpg", "jpeg", "gif", "webp", "bmp", "svg"]);

/** Paths of pictures and picture series; those of most runs first, then by path. */
export function picturePaths(rows: readonly Row[]): string[] {
  const counted = rows.map((row) => ({
    path: row.path,
    count: row.cells.filter((cell) => isPicture(cell, row.type)).length,
  }));
  return counted
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count || one.path.localeCompare(other.path))
    .map(({ path }) => path);
}

/** Whether a cell is a picture, or a series of them that is not empty. */
export function isPicture(cell: Row["cells"][number], type: string): boolean {
  if (!cell) return false;
  if ((cell.type ?? type) === "imageSeries") return (cell.series?.count ?? 0) > 0;
  return EXTENSIONS.has(cell.file?.extension.toLowerCase() ?? "");
}

/** The greatest step that is not above the one wanted, else the first; null without steps. Steps increase. */
export function stepAt(steps: readonly number[], wanted: number): number | null {
  return steps.findLast((step) => step <= wanted) ?? steps[0] ?? null;
}

/** All steps of several series, once each, by size. */
export function allSteps(series: readonly (readonly number[])[]): number[] {
  return [...new Set(series.flat())].sort((one, other) => one - other);
}
