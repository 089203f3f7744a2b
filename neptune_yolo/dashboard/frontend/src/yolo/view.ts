/** What the predictions viewer shows, to and from the query string. Pure functions. */
import type { PredictionData } from "./prediction_data";
import { readNumber, readNumbers, writeNumbers, type Changes } from "../ui/query_state";
import type { Selection, Status } from "./selection";

export interface View extends Selection {
  image: number;
  colourBy: "status" | "class";
  labels: boolean;
  /** Truth and predictions in two pictures beside each other. */
  split: boolean;
}

const LETTERS: Record<Status, string> = { tp: "t", fp: "f", fn: "m", found: "g" };
const ALL = Object.keys(LETTERS) as Status[];

/** Smallest confidence that was recorded in all of the data. */
export function recordedConfidence(data: readonly PredictionData[]): number {
  return Math.max(0, ...data.map((one) => one.confidence));
}

/** Confidence that is shown first: that of Ultralytics' own pictures, or the recorded one if that is higher. */
export const usualConfidence = (data: readonly PredictionData[]) => Math.max(0.25, recordedConfidence(data));

export function readView(get: (name: string) => string | null, data: readonly PredictionData[]): View {
  const letters = get("show");
  return {
    image: readNumber(get("image"), 0, Infinity, -1),
    hidden: readNumbers(get("hide")),
    confidence: readNumber(get("conf"), recordedConfidence(data), 1, usualConfidence(data)),
    statuses: new Set(letters === null ? ALL : ALL.filter((status) => letters.includes(LETTERS[status]))),
    by: get("by") === "shape" ? "shape" : "box",
    colourBy: get("colour") === "class" ? "class" : "status",
    labels: get("labels") !== "off",
    split: get("split") === "on",
  };
}

/** What changes in the query string. */
export function viewChanges(changes: Partial<View>): Changes {
  const { image, hidden, confidence, statuses, by, colourBy, labels, split } = changes;
  const text: Changes = {};
  if (image !== undefined) text.image = String(image);
  if (hidden) text.hide = writeNumbers(hidden);
  if (confidence !== undefined) text.conf = String(Math.round(confidence * 1000) / 1000);
  if (statuses) text.show = statuses.size === ALL.length ? null : [...statuses].map((one) => LETTERS[one]).join("");
  if (by) text.by = by === "shape" ? "shape" : null;
  if (colourBy) text.colour = colourBy === "class" ? "class" : null;
  if (labels !== undefined) text.labels = labels ? null : "off";
  if (split !== undefined) text.split = split ? "on" : null;
  return text;
}

/** A set with a value put in or taken out. */
export function toggled<T>(set: ReadonlySet<T>, value: T): Set<T> {
  const other = new Set(set);
  if (!other.delete(value)) other.add(value);
  return other;
}
