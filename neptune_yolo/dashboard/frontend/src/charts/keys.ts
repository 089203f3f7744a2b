/** Charts by the keyboard: where the crosshair goes, and which range is shown. */
import type uPlot from "uplot";

import type { PlotOptions, Reading } from "./plot";
import { AXIS_LABELS, xText } from "./plot";
import { formatNumber } from "../ui/format";
import { nextPlace } from "./key_moves";

export const KEYS_HELP =
  "Arrow keys move the crosshair over all charts, with Shift in large steps; Escape takes it away. " +
  "Plus and minus zoom, 0 shows the whole range.";

/** Lines that are read out at most. */
const MOST_READ = 12;

/** uPlot with what its types do not tell: whether plots of the same key follow. */
interface Following {
  setCursor: (at: { left: number; top: number }, isHeard: boolean, isFollowed: boolean) => void;
}

/** Move the crosshair of a plot, and of those beside it, by a key. Tells whether it did. */
export function moveCrosshair(plot: uPlot, key: string, isLarge: boolean): boolean {
  const places = plot.data[0];
  const { min = -Infinity, max = Infinity } = plot.scales.x ?? {};
  const reach = { first: places.findIndex((place) => place >= min), last: places.length - 1 };
  while (reach.last > reach.first && (places[reach.last] ?? 0) > max) reach.last -= 1;
  const left = (index: number) => plot.valToPos(places[index] ?? 0, "x");
  const isNear = (one: number, other: number) => Math.abs(left(one) - left(other)) < 1;
  const next = nextPlace(key, isLarge, plot.cursor.idx ?? null, reach, isNear);
  if (next === undefined || reach.first < 0) return false;
  const at = next === null ? { left: -10, top: -10 } : { left: Math.max(0, left(next)), top: plot.bbox.height / 4 };
  (plot as Following).setCursor(at, true, true);
  return true;
}

/** Put the crosshair of a plot alone to a place of the axis, as when it was drawn anew. */
export function showCrosshair(plot: uPlot, place: number): void {
  const left = plot.valToPos(place, "x");
  if (left >= 0 && left <= plot.over.clientWidth) plot.setCursor({ left, top: plot.cursor.top ?? 0 });
}

/** What the crosshair stands at, for a screen reader. */
export function spoken(
  place: number,
  readings: readonly Reading[],
  { lines, settings }: Pick<PlotOptions, "lines" | "settings">,
): string {
  const parts = readings.flatMap(({ value, range }, index) => {
    const line = lines[index];
    if (!line || value === null) return [];
    const between = range ? `, between ${formatNumber(range[0])} and ${formatNumber(range[1])}` : "";
    return [`${line.label} ${formatNumber(value)}${between}`];
  });
  const more = parts.length > MOST_READ ? [`and ${parts.length - MOST_READ} more`] : [];
  return `${AXIS_LABELS[settings.x]} ${xText(place, settings)}: ${[...parts.slice(0, MOST_READ), ...more].join("; ")}.`;
}
