/** What of a picture's objects is shown: by class, confidence and status. Pure functions. */
import type { ImagePredictions, PredictedObject, PredictionData, TrueObject } from "./prediction_data";

export type Status = "tp" | "fp" | "fn" | "found";

export const STATUSES: readonly { status: Status; short: string; label: string }[] = [
  { status: "tp", short: "TP", label: "right predictions" },
  { status: "fp", short: "FP", label: "wrong predictions" },
  { status: "fn", short: "FN", label: "missed objects" },
  { status: "found", short: "Truth", label: "found objects" },
];

export interface Selection {
  /** Classes that are hidden. */
  hidden: ReadonlySet<number>;
  /** Smallest confidence, in [0, 1]. */
  confidence: number;
  statuses: ReadonlySet<Status>;
  /** Judge by the overlap of boxes, or by that of masks or keypoints. */
  by: "box" | "shape";
}

/** An object as it is drawn. */
export interface Shown<T> {
  /** Its position in the recorded list. */
  index: number;
  status: Status;
  object: T;
}

export interface Picture {
  truth: Shown<TrueObject>[];
  predictions: Shown<PredictedObject>[];
}

export function predictionStatus(object: PredictedObject, by: Selection["by"]): "tp" | "fp" {
  return by === "shape" ? (object.shape_status ?? object.status) : object.status;
}

/** Statuses at a confidence: what only a prediction below it had found is missed. Classes do not matter here. */
function judged(image: ImagePredictions, { confidence, by }: Pick<Selection, "confidence" | "by">): Picture {
  const predictions = image.predictions.map((object, index) => ({
    index,
    object,
    status: predictionStatus(object, by),
  }));
  const truth = image.ground_truth.map((object, index) => {
    const finder = object.matched_by === undefined ? undefined : image.predictions[object.matched_by];
    const isFound =
      object.status === "matched" &&
      (finder === undefined || finder.confidence >= confidence) &&
      (by === "box" || finder?.shape_status === undefined || finder.shape_status === "tp");
    const status: Status = isFound ? "found" : "fn";
    return { index, object, status };
  });
  return { truth, predictions: predictions.filter((one) => one.object.confidence >= confidence) };
}

/** What is drawn of an image. */
export function select(image: ImagePredictions, selection: Selection): Picture {
  const picture = judged(image, selection);
  const isShown = (one: Shown<{ class: number }>) =>
    selection.statuses.has(one.status) && !selection.hidden.has(one.object.class);
  return { truth: picture.truth.filter(isShown), predictions: picture.predictions.filter(isShown) };
}

export type Counts = Record<Status, number>;

/** How many objects of each status an image has at a confidence, of the classes that are shown. */
export function count(image: ImagePredictions, selection: Selection): Counts {
  const counts: Counts = { tp: 0, fp: 0, fn: 0, found: 0 };
  const picture = judged(image, selection);
  for (const one of [...picture.truth, ...picture.predictions]) {
    if (!selection.hidden.has(one.object.class)) counts[one.status] += 1;
  }
  return counts;
}

export interface NamedClass {
  class: number;
  name: string;
}

/** The classes that occur in the images, by their number. */
export function occurringClasses(data: readonly PredictionData[]): NamedClass[] {
  const names = new Map<number, string>();
  for (const image of data.flatMap((one) => one.images)) {
    for (const object of [...image.ground_truth, ...image.predictions]) names.set(object.class, object.name);
  }
  return [...names].map(([number, name]) => ({ class: number, name })).sort((one, other) => one.class - other.class);
}

/** Whether the objects have masks or keypoints that were judged by themselves. */
export function hasShapeStatus(data: readonly PredictionData[]): boolean {
  return data.some((one) =>
    one.images.some((image) => image.predictions.some((object) => object.shape_status !== undefined)),
  );
}

/** The number of an image so many places further, going round at both ends. */
export function neighbour(images: readonly ImagePredictions[], index: number, by: 1 | -1): number {
  const at = images.findIndex((image) => image.index === index);
  return images[(at + by + images.length) % images.length]?.index ?? index;
}
