import { expect, test } from "vitest";

import { checkpointsOf, metricNames } from "./checkpoints_data";
import { type Attribute, Attributes } from "./run_data";
import { loadSnippet, resumeSnippet } from "./snippets";

function value(path: string, type: string, content: unknown): Attribute {
  return { path, type, value: content, length: null, series: null, file: null };
}

function file(path: string): Attribute {
  return { ...value(path, "file", null), file: { extension: "pt", size_bytes: 10, sha256: "ab" } };
}

test("checkpoints have their epoch, metrics and size", () => {
  const attributes = new Attributes([
    value("checkpoints/best/epoch", "int", 3),
    value("checkpoints/best/metrics/fitness", "float", 0.5),
    value("checkpoints/best/metrics/mAP50(B)", "float", 0.7),
    file("weights/best"),
    file("weights/epoch_10"),
    file("weights/epoch_2"),
  ]);
  const found = checkpointsOf(attributes);
  expect(found.map((one) => one.name)).toEqual(["best", "epoch_2", "epoch_10"]);
  expect(found[0]).toMatchObject({ epoch: 3, sizeBytes: 10, savedMs: null });
  expect(metricNames(found)).toEqual(["fitness", "mAP50(B)"]);
});

test("snippets name the run and the file", () => {
  const place = { workspace: "local", project: 'y"olo', run: "YOL-1" };
  expect(loadSnippet(place, "weights/best")).toContain('run["weights/best"].download("YOL-1-best.pt")');
  expect(loadSnippet(place, "weights/best")).toContain('project="local/y\\"olo"');
  expect(resumeSnippet(place)).toContain('resume_run("YOL-1"');
});
