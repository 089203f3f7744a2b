/**
 * Smoothing of a line; it is done in the browser, over the points that are shown.
 *
 * Exponential (EMA) with weight w, 0 <= w < 1, without the bias of its beginning:
 *   m_0 = 0,  m_i = w * m_(i-1) + (1 - w) * y_i,  shown_i = m_i / (1 - w^i),  i from 1.
 * Window of n points: shown_i is the mean of y from i - (n - 1) / 2 to i + (n - 1) / 2, of those that are there.
 * A value that is no number is left as a gap and does not count.
 */
export type Smoothing = { kind: "none" } | { kind: "ema"; weight: number } | { kind: "window"; size: number };

export const FORMULAS = {
  none: "No smoothing: the points as they were logged.",
  ema: "m = w · m + (1 − w) · y, shown as m / (1 − wⁱ), over the points shown.",
  window: "The mean of the n points around each, over the points shown.",
} as const;

export function smooth(values: Float64Array, smoothing: Smoothing): Float64Array {
  if (smoothing.kind === "ema") return ema(values, smoothing.weight);
  if (smoothing.kind === "window") return windowed(values, smoothing.size);
  return values;
}

function ema(values: Float64Array, weight: number): Float64Array {
  const shown = new Float64Array(values.length);
  let mean = 0;
  let correction = 1;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      shown[index] = NaN;
      return;
    }
    mean = weight * mean + (1 - weight) * value;
    correction *= weight;
    shown[index] = mean / (1 - correction);
  });
  return shown;
}

function windowed(values: Float64Array, size: number): Float64Array {
  const half = Math.floor(Math.max(1, size) / 2);
  const sums = new Float64Array(values.length + 1);
  const counts = new Uint32Array(values.length + 1);
  values.forEach((value, index) => {
    const counted = Number.isFinite(value);
    sums[index + 1] = (sums[index] ?? 0) + (counted ? value : 0);
    counts[index + 1] = (counts[index] ?? 0) + (counted ? 1 : 0);
  });
  return values.map((value, index) => {
    if (!Number.isFinite(value)) return NaN;
    const from = Math.max(0, index - half);
    const to = Math.min(values.length, index + half + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / ((counts[to] ?? 0) - (counts[from] ?? 0));
  });
}
