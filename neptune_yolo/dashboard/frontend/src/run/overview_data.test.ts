import { expect, test } from "vitest";

import { childrenOf, metricRows, progressOf, resumesOf, splitsOf } from "./overview_data";
import { type Attribute, Attributes, type Head, type RunView } from "./run_data";

function attributes(values: Record<string, unknown>): Attributes {
  return new Attributes(
    Object.entries(values).map(([path, value]): Attribute => {
      const series = path === "epoch/time_seconds" ? ({ mean: value } as never) : null;
      return { path, type: "any", value, length: null, series, file: null };
    }),
  );
}

function view(values: Record<string, unknown>, state: string): RunView {
  return {
    place: { workspace: "w", project: "p", run: "P-1" },
    head: { state } as Head,
    attributes: attributes(values),
  };
}

const TRAINING = {
  "training/epochs_completed": 2,
  "training/epochs_planned": 10,
  "training/status": "running",
  "epoch/time_seconds": 3,
};

test("the time that is left is told only of a training that goes on", () => {
  expect(progressOf(view(TRAINING, "running"))).toEqual({ done: 2, planned: 10, leftMs: 24_000 });
  expect(progressOf(view(TRAINING, "idle"))?.leftMs).toBeNull();
  expect(progressOf(view({ "training/status": "running" }, "running"))).toBeNull();
});

test("metrics stand side by side, epoch and fitness first", () => {
  const rows = metricRows(
    attributes({ "best/metrics/mAP": 0.5, "best/epoch": 3, "final/metrics/mAP": 0.6, "last/fitness": 0.4 }),
  );
  expect(rows.map((row) => row.name)).toEqual(["epoch", "fitness", "mAP"]);
  expect(rows[2]).toEqual({ name: "mAP", best: 0.5, last: null, final: 0.6 });
});

test("splits, restarts and children are in their order", () => {
  const all = attributes({
    "dataset/val/images": 5,
    "dataset/train/images": 20,
    "dataset/train/instances": 40,
    "training/resumes/2/from_epoch": 7,
    "training/resumes/1/checkpoint": "last.pt",
    "lineage/children/P-10": "P-10",
    "lineage/children/P-2": "P-2",
  });
  expect(splitsOf(all).map((one) => [one.split, one.images, one.instances])).toEqual([
    ["train", 20, 40],
    ["val", 5, null],
  ]);
  expect(resumesOf(all).map((one) => one.text)).toEqual(["of last.pt", "from epoch 7, from a new start"]);
  expect(childrenOf(all)).toEqual(["P-2", "P-10"]);
});
