/**
 * Steady looks of runs: the same run has the same colour and dashes on every page and on every visit.
 * Hues are those of Okabe and Ito, told apart by colour-blind people; each comes light enough for a dark ground and
 * dark enough for a light one. Runs whose hue is the same differ by their dashes where they are drawn together.
 */
const HUES = [
  { light: "#0072b2", dark: "#4aa8e0" },
  { light: "#d55e00", dark: "#ff8a3d" },
  { light: "#00845f", dark: "#1fc79a" },
  { light: "#b04f88", dark: "#e08fbf" },
  { light: "#a87400", dark: "#f0b429" },
  { light: "#2a7fa8", dark: "#7fd0f7" },
  { light: "#5b5f66", dark: "#c3c8cf" },
] as const;

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

export const LOOKS = HUES.length * DASHES.length;

/** Number from 0 to 27: seven colours, then the same again in dashes. Runs that follow each other differ in colour. */
export function lookOf(sysId: string): number {
  const number = /(\d+)$/.exec(sysId)?.[1];
  if (number !== undefined) return Number(number.slice(-9)) % LOOKS;
  let hash = 0;
  for (const character of sysId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % LOOKS;
}

/** Whether the page is dark now, by the reader's choice or else the system's. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "dark" || chosen === "light") return chosen === "dark";
  return typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Colour for a canvas; in style sheets take `colourOf`. */
export function paintOf(sysId: string, dark: boolean): string {
  const hue = HUES[lookOf(sysId) % HUES.length] ?? HUES[0];
  return dark ? hue.dark : hue.light;
}

/** Colour of a run as CSS that follows the theme. */
export function colourOf(sysId: string): string {
  const hue = HUES[lookOf(sysId) % HUES.length] ?? HUES[0];
  return `light-dark(${hue.light}, ${hue.dark})`;
}

/** Dashes of a run's line in CSS pixels; empty for an unbroken one. */
export function dashesOf(sysId: string): number[] {
  return [...(DASHES[Math.floor(lookOf(sysId) / HUES.length)] ?? [])];
}

/** Made once: `localeCompare` would make one for each comparison. */
const ORDER = new Intl.Collator("en", { numeric: true });

/**
 * Dashes of lines that are drawn together: an unbroken one for those that nobody shares the colour with; of the others
 * each has its own, or the next that is free where even those are equal.
 */
export function dashesAmong(owners: readonly string[]): Map<string, number[]> {
  const byHue = new Map<number, string[]>();
  for (const owner of new Set(owners)) {
    const hue = lookOf(owner) % HUES.length;
    byHue.set(hue, [...(byHue.get(hue) ?? []), owner]);
  }
  const dashes = new Map<string, number[]>();
  for (const sharing of byHue.values()) {
    const taken = new Set<number>();
    for (const owner of sharing.sort(ORDER.compare)) {
      let kind = sharing.length === 1 ? 0 : Math.floor(lookOf(owner) / HUES.length);
      while (taken.has(kind) && taken.size < DASHES.length) kind = (kind + 1) % DASHES.length;
      taken.add(kind);
      dashes.set(owner, [...(DASHES[kind] ?? [])]);
    }
  }
  return dashes;
}
