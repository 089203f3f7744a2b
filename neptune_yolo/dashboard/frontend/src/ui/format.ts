/** Numbers, sizes and times as people read them. */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A metric or parameter with so many significant digits; very large and very small ones as 1.2e-5. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return String(value).replace("-", "−");
  if (size < 1e-4 || size >= 1e9) {
    const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
    return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`.replaceAll("-", "−");
  }
  const whole = Math.max(1, Math.floor(Math.log10(size)) + 1);
  if (whole >= digits) return String(Math.round(value)).replace("-", "−");
  return trimZeros(value.toPrecision(digits)).replace("-", "−");
}

/** A count with separators of thousands. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** "1 run", "2,000 runs". */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A size in decimal units: 1.5 MB is 1,500,000 bytes. */
export function formatBytes(bytes: number): string {
  let size = Math.max(0, bytes);
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const shown = unit === 0 || size >= 100 ? String(Math.round(size)) : trimZeros(size.toFixed(1));
  return `${shown} ${UNITS[unit] ?? ""}`;
}

/** A length of time: "450 ms", "12.3 s", "4 min 5 s", "2 h 3 min", "3 d 4 h". */
export function formatDuration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < MINUTE - 50) return `${trimZeros((length / SECOND).toFixed(1))} s`;
  const seconds = Math.round(length / SECOND) * SECOND;
  if (seconds < HOUR) return two(seconds, MINUTE, "min", SECOND, "s");
  const minutes = Math.round(length / MINUTE) * MINUTE;
  if (minutes < DAY) return two(minutes, HOUR, "h", MINUTE, "min");
  return two(Math.round(length / HOUR) * HOUR, DAY, "d", HOUR, "h");
}

/** A moment in the reader's own time zone: "2026-11-25 12:45", with seconds on request. */
export function formatMoment(momentMs: number, seconds = false): string {
  const moment = new Date(momentMs);
  if (Number.isNaN(moment.getTime())) return "–";
  const day = `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
  const time = `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
  return seconds ? `${day} ${time}:${pad(moment.getSeconds())}` : `${day} ${time}`;
}

/** How long ago a moment was: "just now", "5 min ago", "3 h ago", "2 d ago", then the day. */
export function formatAgo(momentMs: number, nowMs = Date.now()): string {
  const age = nowMs - momentMs;
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 14 * DAY) return `${Math.floor(age / DAY)} d ago`;
  return formatMoment(momentMs).slice(0, 10);
}

/** A share of 0 to 1 as per cent. */
export function formatShare(share: number): string {
  return `${trimZeros((share * 100).toFixed(1))} %`;
}

function two(length: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((length % big) / small);
  const first = `${Math.floor(length / big)} ${bigUnit}`;
  return rest ? `${first} ${rest} ${smallUnit}` : first;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}
