/** Cells as people read them. */
import type { Schemas } from "../api/client";
import { formatBytes, formatDuration, formatMoment, formatNumber } from "../ui/format";
import type { Figure } from "./view";

export type Cell = Schemas["RunRow"]["cells"][number];
export type Row = Schemas["RunRow"];
export type Head = Schemas["RunHead"];

const SIZES = new Set(["sys/size"]);
const SECONDS = new Set(["sys/running_time", "sys/monitoring_time"]);
const NUMBERS = new Set(["float", "int", "floatSeries", "file", "fileSet", "imageSeries"]);
const TEXTS = new Set(["string", "stringSet", "artifact"]);

/** Names of the attributes of the server itself, for heads of columns. */
const TITLES: Record<string, string> = {
  "sys/id": "Run",
  "sys/name": "Name",
  "sys/state": "State",
  "sys/tags": "Tags",
  "sys/description": "Description",
  "sys/owner": "Owner",
  "sys/creation_time": "Created",
  "sys/modification_time": "Changed",
  "sys/ping_time": "Last sign of life",
  "sys/running_time": "Running time",
  "sys/monitoring_time": "Monitored for",
  "sys/size": "Size",
  "sys/failed": "Failed",
  "sys/trashed": "In trash",
  "sys/custom_run_id": "Own identifier",
  "sys/group_tags": "Group tags",
  "sys/hostname": "Host",
};

/** What stands in a column's head; the whole path is its tooltip. */
export function titleOf(path: string, aggregate: Figure = "last"): string {
  const title = TITLES[path] ?? path;
  return aggregate === "last" ? title : `${title} (${aggregate})`;
}

/** A title in two parts: where an attribute lies, and its own name with what is shown of a series. */
export function titleParts(path: string, aggregate: Figure = "last"): { place: string; name: string } {
  const title = titleOf(path, aggregate);
  const at = path in TITLES ? -1 : path.lastIndexOf("/");
  return { place: title.slice(0, at + 1), name: title.slice(at + 1) };
}

export function isNumeric(type: string | null): boolean {
  return type !== null && NUMBERS.has(type);
}

/** Whether people look for the values of a type by the alphabet. */
export function isText(type: string | null): boolean {
  return type !== null && TEXTS.has(type);
}

/** Text of a cell; empty where the run lacks the attribute. */
export function cellText(value: Cell, path: string, type: string | null): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (type === "datetime") return formatMoment(value);
  if (SIZES.has(path) || type === "file" || type === "fileSet") return formatBytes(value);
  if (SECONDS.has(path)) return formatDuration(value * 1000);
  if (type === "imageSeries") return `${value} pictures`;
  return rounded(value);
}

/** A number in a column: one that was rounded keeps its zeros at the end, so that those below each other agree. */
export function rounded(value: number): string {
  const text = formatNumber(value);
  const isWhole = Number(text.replace("−", "-")) === value;
  const size = Math.abs(value);
  return isWhole || size < 1e-4 || size >= 1e4 ? text : value.toPrecision(4).replace("-", "−");
}

/** Text of a group's key. */
export function keyText(value: Cell, path: string, type: string | null): string {
  return value === null ? "(none)" : cellText(value, path, type) || "(empty)";
}
