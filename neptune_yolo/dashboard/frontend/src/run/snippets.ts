/** Programs that load a checkpoint of a run, or go on with its training. */
import type { RunPlace } from "./run_data";

/** A Python text literal. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Download a checkpoint with the Neptune client and load it. */
export function loadSnippet(place: RunPlace, path: string): string {
  const file = `${place.run}-${path.split("/").pop() ?? "weights"}.pt`;
  return [
    "import neptune",
    "from ultralytics import YOLO",
    "",
    "run = neptune.init_run(",
    `    project=${quoted(`${place.workspace}/${place.project}`)},`,
    `    with_id=${quoted(place.run)},`,
    '    mode="read-only",',
    ")",
    `run[${quoted(path)}].download(${quoted(file)})`,
    "run.stop()",
    "",
    `model = YOLO(${quoted(file)})`,
  ].join("\n");
}

/** Go on with an interrupted training, on any machine. */
export function resumeSnippet(place: RunPlace): string {
  return [
    "import neptune_yolo",
    "",
    `neptune_yolo.resume_run(${quoted(place.run)}, project=${quoted(`${place.workspace}/${place.project}`)})`,
  ].join("\n");
}
