/** Which columns a project's table has if nobody has chosen any. */
import { titleParts } from "./cells";
import { arranged, type Column, column } from "./view";

const FIRST = ["sys/state", "sys/name"];
const LAST = ["sys/tags", "sys/creation_time", "sys/running_time"];
const BEST = ["fitness", "mAP50-95", "mAP50", "accuracy_top1", "mIoU", "precision", "recall"];
const CHOSEN = 4;

const WIDTHS: Record<string, number> = {
  "sys/name": 160,
  "sys/state": 118,
  "sys/tags": 188,
  "sys/description": 240,
  "sys/running_time": 150,
  "sys/creation_time": 165,
};
const LEAST = 96;
const MOST = 240;
const LETTER = 7.8;
const SMALL_LETTER = 5.8;
const BESIDE = 40;

/** The usual columns: what every run has, and some metrics of those that there are. */
export function usualColumns(metrics: readonly string[]): Column[] {
  const best = metrics.filter((path) => path.startsWith("best/metrics/"));
  const candidates = best.length ? best : metrics.filter((path) => path.startsWith("metrics/"));
  const ranked = candidates
    .map((path) => ({ path, rank: BEST.findIndex((word) => path.includes(word)) }))
    .sort((one, other) => (one.rank < 0 ? BEST.length : one.rank) - (other.rank < 0 ? BEST.length : other.rank));
  const metricPaths = ranked.slice(0, CHOSEN).map(({ path }) => path);
  return [...FIRST, ...metricPaths, ...LAST].map((path) => column(path));
}

export function widthOf(each: Column): number {
  const { place, name } = titleParts(each.path, each.aggregate);
  const longest = Math.max(name.length * LETTER, place.length * SMALL_LETTER);
  const usual = Math.round(Math.max(LEAST, Math.min(MOST, longest + BESIDE)));
  return each.width || (WIDTHS[each.path] ?? usual);
}

export const SELECT_WIDTH = 40;
export const ID_WIDTH = 110;

/** Columns as they stand, each with the distance from the left edge at which it stays if it is pinned. */
export function placed(columns: readonly Column[]): { column: Column; at: number; left: number | null }[] {
  let left = SELECT_WIDTH + ID_WIDTH;
  return arranged(columns).map((each) => {
    const own = left;
    if (each.pinned) left += widthOf(each);
    return { column: each, at: columns.indexOf(each), left: each.pinned ? own : null };
  });
}
