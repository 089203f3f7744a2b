/** What the page knows of a long series of texts: some pages of it, never the whole. Pure functions. */

/** Lines of one request. */
export const PAGE = 1000;

/** Lines that are drawn together. */
export const BLOCK = 200;

/** Pages that are kept; the farthest from what is looked at go first. */
export const KEPT = 40;

export interface LogPages<Point> {
  /** How many lines there are on the server. */
  total: number;
  /** Lines by page; those of a page begin at its first one, and may end before its last. */
  pages: ReadonlyMap<number, readonly Point[]>;
}

export interface Answer<Point> {
  total: number;
  offset: number;
  points: readonly Point[];
}

/** With the lines of an answer; `near` is a position that is looked at. */
export function merged<Point>(before: LogPages<Point>, answer: Answer<Point>, near: number): LogPages<Point> {
  const pages = new Map(before.pages);
  const { offset, points } = answer;
  for (let at = 0; at < points.length;) {
    const page = Math.floor((offset + at) / PAGE);
    const within = offset + at - page * PAGE;
    const part = points.slice(at, at + PAGE - within);
    const known = pages.get(page) ?? [];
    // Lines behind a gap are left out; they come when the page is looked at.
    if (within <= known.length) {
      pages.set(page, [...known.slice(0, within), ...part, ...known.slice(within + part.length)]);
    }
    at += part.length;
  }
  const middle = Math.floor(near / PAGE);
  const farthest = [...pages.keys()].sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  for (const page of farthest.slice(KEPT)) pages.delete(page);
  return { total: Math.max(before.total, answer.total), pages }; // answers may overtake each other
}

/** Pages that are not whole, of those with the lines from `first` up to `end`. */
export function missingPages({ total, pages }: LogPages<unknown>, first: number, end: number): number[] {
  const missing: number[] = [];
  for (let page = Math.floor(Math.max(first, 0) / PAGE); page * PAGE < Math.min(end, total); page += 1) {
    const whole = Math.min(PAGE, total - page * PAGE);
    if ((pages.get(page)?.length ?? 0) < whole) missing.push(page);
  }
  return missing;
}

/** The lines of a block; null while they are not there. */
export function blockOf<Point>({ total, pages }: LogPages<Point>, block: number): readonly Point[] | null {
  const first = block * BLOCK;
  const page = Math.floor(first / PAGE);
  const within = first - page * PAGE;
  const lines = pages.get(page)?.slice(within, within + BLOCK) ?? [];
  return lines.length >= Math.min(BLOCK, total - first) ? lines : null;
}

export const blockCount = (total: number) => Math.ceil(total / BLOCK);
