/** Which cells of a large matrix are in its window, and where. Pure functions. */

/** Sizes of a cell in pixels, from an overview to cells with their numbers. */
export const CELL_SIZES = [2, 4, 8, 14, 22, 40] as const;
export const FIRST_SIZE = 3;

/** Where the names stand: left of the rows and above the columns, in pixels. */
export const MARGIN = { left: 130, top: 124 } as const;

export interface Range {
  first: number;
  /** One more than the last. */
  end: number;
}

/** The rows or columns of which a part is in the window. */
export function visible(scrolled: number, length: number, cell: number, count: number): Range {
  const first = Math.max(0, Math.floor(scrolled / cell));
  return { first, end: Math.min(count, Math.ceil((scrolled + length) / cell)) };
}

/** How far to scroll so that a cell is in the window, with some others around it; as it is if it already is. */
export function scrollTo(at: number, scrolled: number, length: number, cell: number): number {
  const [begin, end] = [at * cell, (at + 1) * cell];
  if (begin >= scrolled && end <= scrolled + length) return scrolled;
  return Math.max(0, begin - (length - cell) / 2);
}

/** The cell at a place of the window; null beside the cells. */
export function cellAt(
  place: { x: number; y: number },
  scrolled: { left: number; top: number },
  cell: number,
  count: number,
): [number, number] | null {
  const column = Math.floor((place.x - MARGIN.left + scrolled.left) / cell);
  const row = Math.floor((place.y - MARGIN.top + scrolled.top) / cell);
  const isInside = place.x >= MARGIN.left && place.y >= MARGIN.top && row < count && column < count;
  return isInside && row >= 0 && column >= 0 ? [row, column] : null;
}

/** The next smaller or larger size of a cell. */
export function resized(index: number, by: 1 | -1): number {
  return Math.min(Math.max(index + by, 0), CELL_SIZES.length - 1);
}
