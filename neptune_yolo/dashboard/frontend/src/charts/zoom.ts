/** The range that a chart shows, as part of the address. */
const PREFIX = "zoom:";

export type Zoom = [number, number];

/** Name of the value in the address that has the range of a chart. */
export function zoomName(key: string): string {
  return PREFIX + key;
}

/** Read a range, such as `100,250.5`; null stands for all. */
export function readZoom(text: string | null): Zoom | null {
  const [first, last, ...more] = (text ?? "").split(",").map((part) => (part.trim() ? Number(part) : NaN));
  if (first === undefined || last === undefined || more.length) return null;
  return Number.isFinite(first) && Number.isFinite(last) && first < last ? [first, last] : null;
}

/** Write a range, no finer than anybody sees. */
export function writeZoom([first, last]: Zoom): string {
  const unit = 10 ** Math.max(-12, Math.floor(Math.log10(last - first)) - 3);
  const digits = Math.max(0, -Math.round(Math.log10(unit)));
  const low = Number((Math.floor(first / unit) * unit).toFixed(digits));
  const high = Number((Math.ceil(last / unit) * unit).toFixed(digits));
  return `${low},${high}`;
}

/** Ranges in an address without their values: what takes all of them away. */
export function withoutZoom(values: URLSearchParams): Record<string, null> {
  return Object.fromEntries([...values.keys()].filter((name) => name.startsWith(PREFIX)).map((name) => [name, null]));
}
