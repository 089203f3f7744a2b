/** What keys do to a crosshair and to the range that is shown, in numbers. */

/** The places of an axis between which the crosshair moves, by their numbers. */
export interface Reach {
  first: number;
  last: number;
}

/** Where a key moves the crosshair: the number of a place, null for nowhere; undefined if it moves nothing. */
export function nextPlace(
  key: string,
  isLarge: boolean,
  present: number | null,
  { first, last }: Reach,
  isNear: (one: number, other: number) => boolean,
): number | null | undefined {
  if (key === "Escape") return null;
  if (key === "Home") return first;
  if (key === "End") return last;
  const direction = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (!direction || last < first) return undefined;
  if (present === null || present < first || present > last) return direction > 0 ? first : last;
  const width = isLarge ? Math.max(1, Math.round((last - first) / 10)) : 1;
  let next = present + direction * width;
  while (next > first && next < last && isNear(present, next)) next += direction;
  return Math.max(first, Math.min(last, next));
}

/** The range after a key, null for all; undefined if the key does not zoom. */
export function zoomByKey(
  key: string,
  [from, to]: [number, number],
  middle: number | null,
): [number, number] | null | undefined {
  if (key === "0") return null;
  const centre = middle !== null && middle >= from && middle <= to ? middle : (from + to) / 2;
  const factor = key === "+" || key === "=" ? 0.5 : key === "-" ? 2 : 0;
  if (!factor) return undefined;
  return [centre - (centre - from) * factor, centre + (to - centre) * factor];
}
