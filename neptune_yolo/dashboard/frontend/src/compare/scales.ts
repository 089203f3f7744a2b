/** Scales of axes: from values to places, with ticks at round numbers. */

export interface Scale {
  /** Place of a value, from 0 to 1. */
  place: (value: number) => number;
  ticks: number[];
  log: boolean;
}

/** Round numbers within a range, about `count` of them. */
export function linearTicks(least: number, most: number, count = 5): number[] {
  const span = most - least;
  if (!(span > 0)) return [least];
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

/** Powers of ten within a range; where there are fewer than two, their parts of 2 and 5 as well. */
export function logTicks(least: number, most: number): number[] {
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(most));
  const build = (parts: readonly number[]) =>
    Array.from({ length: to - from + 1 }, (_, at) =>
      parts.map((part) => Number((part * 10 ** (from + at)).toPrecision(12))),
    )
      .flat()
      .filter((tick) => tick >= least * 0.999999 && tick <= most * 1.000001);
  const powers = build([1]);
  if (powers.length >= 2) return powers.length > 7 ? powers.filter((_, at) => at % 2 === 0) : powers;
  const finer = build([1, 2, 5]);
  return finer.length >= 2 ? finer : linearTicks(least, most, 4);
}

/** A scale over values with a margin on both sides. A log scale that meets no positive value becomes a linear one. */
export function scaleOf(values: readonly number[], wantLog = false): Scale {
  const usable = wantLog ? values.filter((value) => value > 0) : values;
  const log = wantLog && usable.length > 0;
  const of = log ? Math.log10 : (value: number) => value;
  const shown = log ? usable : values;
  let least = shown.length ? Math.min(...shown.map(of)) : 0;
  let most = shown.length ? Math.max(...shown.map(of)) : 1;
  if (least === most) {
    const room = log ? 0.5 : Math.abs(least) * 0.1 || 1;
    least -= room;
    most += room;
  }
  const margin = (most - least) * 0.05;
  least -= margin;
  most += margin;
  return {
    place: (value) => (of(value) - least) / (most - least),
    ticks: log ? logTicks(10 ** least, 10 ** most) : linearTicks(least, most),
    log,
  };
}

/** How strongly two columns go together (Pearson), from -1 to 1; null with fewer than three pairs or no spread. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length < 3) return null;
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / pairs.length;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
  let both = 0;
  let squaresX = 0;
  let squaresY = 0;
  for (const [x, y] of pairs) {
    both += (x - meanX) * (y - meanY);
    squaresX += (x - meanX) ** 2;
    squaresY += (y - meanY) ** 2;
  }
  return squaresX > 0 && squaresY > 0 ? both / Math.sqrt(squaresX * squaresY) : null;
}

const VIRIDIS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

/** A colour for a share of 0 to 1 whose lightness grows with it, so that it can be told without colours. */
export function shade(share: number): string {
  const place = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (VIRIDIS.length - 1);
  const at = Math.min(VIRIDIS.length - 2, Math.floor(place));
  const low = VIRIDIS[at] ?? VIRIDIS[0];
  const high = VIRIDIS[at + 1] ?? low;
  const part = place - at;
  const [red, green, blue] = low.map((value, index) => Math.round(value + ((high[index] ?? value) - value) * part));
  return `rgb(${red ?? 0}, ${green ?? 0}, ${blue ?? 0})`;
}

/** The part of the shades that stands out from the ground. */
export function visibleShade(share: number, dark: boolean): string {
  return shade(dark ? 0.35 + 0.65 * share : 0.8 * share);
}
