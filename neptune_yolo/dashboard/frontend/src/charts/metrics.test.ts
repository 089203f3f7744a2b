import { expect, test } from "vitest";

import { byNamespace, chartsOf, matches, type Metric } from "./metrics";

const metric = (path: string): Metric => ({ path, runs: ["YOL-1"], total: 1 });

test("training and validation of one loss stand in one chart", () => {
  const charts = chartsOf(["val/box_loss", "train/box_loss", "metrics/mAP50", "lr"].map(metric));
  expect(charts.map((chart) => [chart.namespace, chart.title, chart.paths])).toEqual([
    ["metrics", "metrics/mAP50", ["metrics/mAP50"]],
    ["other", "lr", ["lr"]],
    ["train and val", "box_loss", ["train/box_loss", "val/box_loss"]],
  ]);
});

test("deeper paths are joined within their own namespace only", () => {
  const charts = chartsOf(["a/train/loss", "a/val/loss", "b/train/loss"].map(metric));
  expect(charts.map((chart) => [chart.namespace, chart.paths.length])).toEqual([
    ["a", 2],
    ["b/train", 1],
  ]);
  expect([...byNamespace(charts).keys()]).toEqual(["other"]);
});

test("results come first, charts that are alone stand together, the machine comes last", () => {
  const paths = ["lr/pg0", "live/loss", "a/x", "a/y", "monitoring/1/cpu", "val/loss", "train/loss", "metrics/map"];
  const sections = byNamespace(chartsOf(paths.map(metric)));
  expect([...sections].map(([name, charts]) => [name, charts.length])).toEqual([
    ["metrics", 1],
    ["train and val", 1],
    ["a", 2],
    ["other", 2],
    ["monitoring/1", 1],
  ]);
});

test("a search finds charts by any of their words", () => {
  const [chart] = chartsOf(["val/box_loss", "train/box_loss"].map(metric));
  if (!chart) throw new Error("no chart");
  expect(matches(chart, "")).toBe(true);
  expect(matches(chart, "LOSS val")).toBe(true);
  expect(matches(chart, "cls")).toBe(false);
});
