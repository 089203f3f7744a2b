/** Steps of picture series. Pure functions. */
import type { FoundAttribute, PicturePoint } from "./data";

/** Paths of the picture series of any of the runs: predictions first, then by name. */
export function seriesPaths(runs: readonly (readonly FoundAttribute[])[]): string[] {
  const paths = new Set(
    runs.flatMap((run) => run.filter((one) => one.type === "imageSeries").map((attribute) => attribute.path)),
  );
  const rank = (path: string) => (path.startsWith("predictions/") ? 0 : 1);
  const byName = new Intl.Collator("en", { numeric: true });
  return [...paths].sort((one, other) => rank(one) - rank(other) || byName.compare(one, other));
}

/** Steps at which any of the series has a picture, in order. */
export function allSteps(series: readonly (readonly PicturePoint[])[]): number[] {
  return [...new Set(series.flatMap((points) => points.map((point) => point.step)))].sort((one, other) => one - other);
}

/** The picture of a step, or the last one before it. */
export function pointAt(points: readonly PicturePoint[], step: number): PicturePoint | undefined {
  return points.findLast((point) => point.step <= step);
}

/** At most so many of the steps, evenly spread, with the first and the last. */
export function thinnedSteps(steps: readonly number[], most: number): number[] {
  if (steps.length <= most) return [...steps];
  const places = Array.from({ length: most }, (_, at) => Math.round((at * (steps.length - 1)) / (most - 1)));
  return places.flatMap((place) => steps[place] ?? []);
}

/** The place of a step that an address names: the same, else the last one before it; without one the newest. */
export function stepPlace(steps: readonly number[], wanted: string | null): number {
  const step = wanted === null || wanted === "" ? NaN : Number(wanted);
  if (Number.isNaN(step)) return steps.length - 1;
  return Math.max(
    steps.findLastIndex((one) => one <= step),
    0,
  );
}
