/** Ends of API tokens: choices of days from now. */

const DAY_MS = 24 * 3600 * 1000;

export const LIFETIMES = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "a year"],
  ["", "no end"],
] as const;

/** The end of a token that lives for so many days, in milliseconds since 1970; null for no end. */
export function expiryOf(days: string, nowMs: number): number | null {
  const count = Number(days);
  return days && Number.isFinite(count) && count > 0 ? nowMs + count * DAY_MS : null;
}

/** What to know about the end of a token, as a word: "expired", "soon" (within a week), or nothing. */
export function expiryState(expiresMs: number | null, nowMs: number): "expired" | "soon" | null {
  if (expiresMs === null) return null;
  if (expiresMs <= nowMs) return "expired";
  return expiresMs - nowMs < 7 * DAY_MS ? "soon" : null;
}
