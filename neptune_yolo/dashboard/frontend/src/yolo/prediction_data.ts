/** The prediction files of a run: their form, their places, and how their text becomes values. */

export type Point = readonly [number, number];
export type Box = readonly [number, number, number, number];

/** Where an object is, in pixels of the original picture. */
export interface Outline {
  box: Box;
  polygons?: Point[][];
  /** x, y and visibility (of a true one 0, 1 or 2, of a predicted one its confidence). */
  keypoints?: [number, number, number][];
  corners?: Point[];
}

export interface TrueObject extends Outline {
  class: number;
  name: string;
  status: "matched" | "fn";
  matched_by?: number;
}

export interface PredictedObject extends Outline {
  class: number;
  name: string;
  confidence: number;
  status: "tp" | "fp";
  shape_status?: "tp" | "fp";
  iou?: number;
  matches?: number;
}

export interface Classification {
  class: number;
  name: string;
  correct: boolean;
  top: { class: number; name: string; probability: number }[];
}

export interface ClassMap {
  width: number;
  height: number;
  /** A PNG file of one 8-bit channel, in base64; 255 is not labelled. */
  png: string;
}

export interface SemanticResult {
  mean_iou: number;
  pixel_accuracy: number;
  classes: { class: number; name: string; iou: number; true_area: number; predicted_area: number }[];
  ground_truth: ClassMap;
  prediction: ClassMap;
}

export interface DepthResult {
  errors: Record<string, number>;
  known_pixels: number;
  nearest: number;
  farthest: number;
}

export interface ImagePredictions {
  index: number;
  name: string;
  file: string;
  width: number;
  height: number;
  picture_scale?: number;
  ground_truth: TrueObject[];
  predictions: PredictedObject[];
  omitted_ground_truth: number;
  omitted_predictions: number;
  classification?: Classification;
  semantic?: SemanticResult;
  depth?: DepthResult;
}

export interface PredictionData {
  version: number;
  task: string;
  step: number;
  final: boolean;
  confidence: number;
  max_boxes: number;
  iou_threshold: number;
  images: ImagePredictions[];
}

const VERSION = 1;
const FOLDER = "predictions/data/";

/** A file as it comes: what is usual or empty may be left out. */
type Raw = Partial<Omit<PredictionData, "images">> & {
  images?: (Omit<ImagePredictions, "ground_truth" | "predictions"> &
    Partial<Pick<ImagePredictions, "ground_truth" | "predictions">>)[];
};

/** Check a prediction file and fill in what it may leave out. */
export function readPredictions(content: unknown): PredictionData {
  const data = content as Raw | null;
  if (data?.version !== VERSION || !data.images) {
    throw new Error(
      `Prediction data of version ${VERSION} was expected; this file is of version ${String(data?.version)}. ` +
        "Update the server to look at it.",
    );
  }
  return {
    version: VERSION,
    task: data.task ?? "detect",
    step: data.step ?? 0,
    final: data.final ?? false,
    confidence: data.confidence ?? 0,
    max_boxes: data.max_boxes ?? 0,
    iou_threshold: data.iou_threshold ?? 0.5,
    images: data.images.map((image) => ({
      ...image,
      ground_truth: image.ground_truth ?? [],
      predictions: image.predictions ?? [],
    })),
  };
}

/** One recorded validation. */
export interface RecordedEpoch {
  /** `epoch_0004` or `final`: what stands in the address. */
  key: string;
  path: string;
  /** The epoch; infinite for the final evaluation, which comes last. */
  step: number;
  label: string;
}

/** The recorded validations among the paths of a run, in order. */
export function recordedEpochs(paths: readonly string[]): RecordedEpoch[] {
  const epochs = paths.flatMap((path) => {
    if (!path.startsWith(FOLDER)) return [];
    const key = path.slice(FOLDER.length);
    if (key === "final") return [{ key, path, step: Infinity, label: "best.pt" }];
    const number = /^epoch_(\d+)$/.exec(key)?.[1];
    return number === undefined ? [] : [{ key, path, step: Number(number), label: `epoch ${Number(number)}` }];
  });
  return epochs.sort((one, other) => one.step - other.step);
}

/** The recorded validation of another run that fits a chosen one: the same, else the last one before it, else the first. */
export function fittingEpoch(epochs: readonly RecordedEpoch[], step: number): RecordedEpoch | undefined {
  return epochs.findLast((epoch) => epoch.step <= step) ?? epochs[0];
}

/** The same picture in the data of another run: by its file, else by its name where that is unique. */
export function samePicture(data: PredictionData, wanted: ImagePredictions): ImagePredictions | undefined {
  const byFile = data.images.find((image) => image.file === wanted.file);
  if (byFile) return byFile;
  const named = data.images.filter((image) => image.name === wanted.name);
  return named.length === 1 ? named[0] : undefined;
}

/** Runs that have recorded validations before those without: the first one is what the others are compared with. */
export function withRecordsFirst<T extends { epochs: readonly RecordedEpoch[] }>(runs: readonly T[]): T[] {
  return [...runs.filter((run) => run.epochs.length), ...runs.filter((run) => !run.epochs.length)];
}
