/** How objects are drawn: lines, places and colours. Pure functions. */
import type { Box, Outline, Point } from "./prediction_data";
import type { Status } from "./selection";

/** Colours that people with any colour vision tell apart; what is true is dashed, and each label says its status. */
export const STATUS_COLOURS: Record<Status, string> = {
  tp: "#56b4e9",
  fp: "#e66100",
  fn: "#f277c6",
  found: "#00c08b",
};

const CLASS_COLOURS = [
  "#56b4e9",
  "#e69f00",
  "#00c08b",
  "#f0e442",
  "#4f8fe6",
  "#e66100",
  "#f277c6",
  "#b8b8b8",
  "#9a6ff0",
  "#a6d854",
];

export function classColour(index: number): string {
  return CLASS_COLOURS[index % CLASS_COLOURS.length] ?? "#b8b8b8";
}

/** The same hues, dark enough for lines on a light ground. */
const DARK_CLASS_COLOURS = [
  "#1f7fb8",
  "#a86f00",
  "#00845f",
  "#8f8200",
  "#2c5fb8",
  "#c24e00",
  "#b8458f",
  "#6b6b6b",
  "#6d45c4",
  "#5f8f1c",
];

/** Colour of a class as CSS, for lines on the ground of the page; on pictures take `classColour`. */
export function classPaint(index: number): string {
  const dark = DARK_CLASS_COLOURS[index % DARK_CLASS_COLOURS.length] ?? "#6b6b6b";
  return `light-dark(${dark}, ${classColour(index)})`;
}

const text = (value: number) => String(Math.round(value * 10) / 10);

/** A closed line as SVG path. */
export function ringPath(ring: readonly Point[]): string {
  return ring.length ? `M${ring.map(([x, y]) => `${text(x)} ${text(y)}`).join("L")}Z` : "";
}

/** The outline of an object as SVG path: its corners, else its box. */
export function outlinePath({ box, corners }: Outline): string {
  if (corners?.length) return ringPath(corners);
  const [left, top, right, bottom] = box;
  return ringPath([
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]);
}

export interface LabelPlace {
  /** Distances from two edges of the picture, in per cent. */
  style: { top: string; left?: string; right?: string };
  /** Whether it stands within the box, as there is no room outside. */
  inside: boolean;
}

/**
 * Where the label of a box stands: at its upper edge, of a true one at its lower edge, so that both can be read; at the
 * box's right end near the right edge of the picture.
 */
export function labelPlace(box: Box, width: number, height: number, isTruth: boolean): LabelPlace {
  const percent = (value: number, whole: number) => Math.min(Math.max((value / whole) * 100, 0), 100);
  const [left, top, right, bottom] = box;
  const vertical = percent(isTruth ? bottom : top, height);
  const isFarRight = left > width * 0.75;
  return {
    style: {
      top: `${vertical}%`,
      ...(isFarRight ? { right: `${100 - percent(right, width)}%` } : { left: `${percent(left, width)}%` }),
    },
    inside: isTruth ? vertical > 95 : vertical < 5,
  };
}

/** From which visibility or confidence on a keypoint is drawn. */
export function isVisible(value: number, isTruth: boolean): boolean {
  return isTruth ? value > 0 : value >= 0.5;
}

/** Bytes of a picture (RGBA) in which each pixel's class has its colour; 255 stays clear. `red` are the class values. */
export function colourClasses(pixels: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const coloured = new Uint8ClampedArray(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const value = pixels[at] ?? 255;
    if (value === 255) continue;
    const colour = Number.parseInt(classColour(value).slice(1), 16);
    coloured[at] = colour >> 16;
    coloured[at + 1] = (colour >> 8) & 255;
    coloured[at + 2] = colour & 255;
    coloured[at + 3] = 255;
  }
  return coloured;
}
