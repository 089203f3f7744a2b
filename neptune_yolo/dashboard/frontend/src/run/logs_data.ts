/** Series of texts of a run, and their lines. */
import type { Attributes } from "./run_data";
import { compareNames } from "./tree";

const FIRST = ["/stdout", "/stderr", "/traceback"];

/** Paths of text series: what was printed first, then the others by name. */
export function logSeries(attributes: Attributes): string[] {
  const rank = (path: string) => {
    const index = FIRST.findIndex((end) => path.startsWith("monitoring/") && path.endsWith(end));
    return index < 0 ? FIRST.length : index;
  };
  return attributes
    .ofType("stringSeries")
    .map((one) => one.path)
    .sort((one, other) => rank(one) - rank(other) || compareNames(one, other));
}

/** Whether a line is a progress bar on its way, not its end. */
export function isProgress(line: string): boolean {
  const share = /(?:^|[\s:])(\d{1,3})%/.exec(line)?.[1];
  return share !== undefined && share !== "100" && /[|━╸─]/.test(line);
}

const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[@-Z\\-_])/g;

/** A line as a terminal would leave it: without colours, and with what was written last over itself. */
export function plainLine(line: string): string {
  const text = line.replace(ESCAPES, "").replace(/[\r\n]+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1);
}

/**
 * Lines as they are shown: progress bars on their way are left out, but for the very last line of all.
 * `print` writes the end of a line by itself: it is a line of its own only where it makes an empty one.
 */
export function shownLines<Point extends { value: string }>(
  points: readonly Point[],
  { all, isEnd }: { all: boolean; isEnd: boolean },
): Point[] {
  const lines = points
    .filter((one, index) => one.value !== "\n" || points[index - 1]?.value.endsWith("\n"))
    .map((one) => ({ ...one, value: plainLine(one.value) }));
  if (all) return lines;
  return lines.filter((one, index) => (isEnd && index === lines.length - 1) || !isProgress(one.value));
}
