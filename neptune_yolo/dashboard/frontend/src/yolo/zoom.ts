/** How a picture is enlarged and moved within its frame. Pure functions. */

export interface Zoom {
  /** How many times larger than the frame the picture is, from 1 on. */
  scale: number;
  /** The point of the picture in the middle of the frame, as shares of its width and height. */
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0.5, y: 0.5 };
export const MOST_SCALE = 32;
export const ZOOM_STEP = 1.5;

/** The nearest zoom that leaves no empty space in the frame. */
export function fitted({ scale, x, y }: Zoom): Zoom {
  const size = Math.min(Math.max(scale, 1), MOST_SCALE);
  const half = 0.5 / size;
  const within = (value: number) => Math.min(Math.max(value, half), 1 - half);
  return { scale: size, x: within(x), y: within(y) };
}

/** Enlarge by a factor so that the point of the picture under `(px, py)`, shares of the frame, stays there. */
export function zoomedAt(zoom: Zoom, factor: number, px = 0.5, py = 0.5): Zoom {
  const { scale } = fitted({ ...zoom, scale: zoom.scale * factor });
  const x = zoom.x + (px - 0.5) / zoom.scale - (px - 0.5) / scale;
  const y = zoom.y + (py - 0.5) / zoom.scale - (py - 0.5) / scale;
  return fitted({ scale, x, y });
}

/** Move the picture by shares of the frame: to the right and down are positive. */
export function movedBy(zoom: Zoom, dx: number, dy: number): Zoom {
  return fitted({ ...zoom, x: zoom.x - dx / zoom.scale, y: zoom.y - dy / zoom.scale });
}

/** Place and size of the picture within its frame, in per cent of the frame. */
export function placeOf({ scale, x, y }: Zoom) {
  const percent = (share: number) => `${Math.round(share * 1e5) / 1e3}%`;
  const size = percent(scale);
  return { left: percent(0.5 - x * scale), top: percent(0.5 - y * scale), width: size, height: size };
}

const short = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/** A zoom as text for an address; null for the whole picture. */
export function writeZoom({ scale, x, y }: Zoom): string | null {
  return scale <= 1 ? null : [short(scale, 2), short(x, 4), short(y, 4)].join(",");
}

export function readZoom(text: string | null): Zoom {
  const numbers = (text ?? "").split(",").map(Number);
  const [scale, x, y] = numbers;
  const isGood = numbers.length === 3 && numbers.every(Number.isFinite);
  return isGood && scale !== undefined && x !== undefined && y !== undefined ? fitted({ scale, x, y }) : WHOLE;
}

/** What a key does with a picture that has the focus; null for other keys. */
export function keyZoom(key: string, zoom: Zoom): Zoom | null {
  if (key === "+" || key === "=") return zoomedAt(zoom, ZOOM_STEP);
  if (key === "-") return zoomedAt(zoom, 1 / ZOOM_STEP);
  if (key === "0") return WHOLE;
  if (zoom.scale <= 1) return null; // the arrow keys then choose the picture
  const step = 0.15;
  switch (key) {
    case "ArrowLeft":
      return movedBy(zoom, step, 0);
    case "ArrowRight":
      return movedBy(zoom, -step, 0);
    case "ArrowUp":
      return movedBy(zoom, 0, step);
    case "ArrowDown":
      return movedBy(zoom, 0, -step);
    default:
      return null;
  }
}
