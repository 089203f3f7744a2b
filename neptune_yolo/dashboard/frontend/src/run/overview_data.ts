/** What the overview of a run says, from its attributes. */
import type { Attributes, RunView } from "./run_data";
import { compareNames } from "./tree";

export interface Progress {
  done: number;
  planned: number;
  /** Time that the rest will take, as long as the run goes on; null if nobody can tell. */
  leftMs: number | null;
}

/** How far a training is; null without one. */
export function progressOf({ attributes, head }: RunView): Progress | null {
  const done = attributes.number("training/epochs_completed") ?? 0;
  const planned = attributes.number("training/epochs_planned");
  if (planned === null) return null;
  const seconds = attributes.get("epoch/time_seconds")?.series?.mean;
  const isGoing = head.state === "running" && attributes.text("training/status") === "running" && planned > done;
  return { done, planned, leftMs: isGoing && typeof seconds === "number" ? seconds * 1000 * (planned - done) : null };
}

export interface MetricRow {
  name: string;
  best: number | null;
  last: number | null;
  final: number | null;
}

/** Best, last and final values of each metric: epoch and fitness first. */
export function metricRows(attributes: Attributes): MetricRow[] {
  const names = new Set<string>();
  for (const family of ["best/", "last/", "final/"]) {
    for (const one of attributes.below(family))
      if (typeof one.value === "number") names.add(one.path.slice(family.length));
  }
  const order = (name: string) => (name === "epoch" ? 0 : name === "fitness" ? 1 : name.startsWith("metrics/") ? 2 : 3);
  return [...names]
    .sort((one, other) => order(one) - order(other) || compareNames(one, other))
    .map((name) => ({
      name: name.replace(/^metrics\//, ""),
      best: attributes.number(`best/${name}`),
      last: attributes.number(`last/${name}`),
      final: attributes.number(`final/${name}`),
    }));
}

/** Splits of the data set with their images and instances, in the order of use. */
export function splitsOf(attributes: Attributes): { split: string; images: number; instances: number | null }[] {
  const order = ["train", "val", "test"];
  return attributes
    .below("dataset/")
    .flatMap(({ path, value }) => {
      const split = /^dataset\/([^/]+)\/images$/.exec(path)?.[1];
      if (split === undefined || typeof value !== "number") return [];
      return [{ split, images: value, instances: attributes.number(`dataset/${split}/instances`) }];
    })
    .sort((one, other) => order.indexOf(one.split) - order.indexOf(other.split));
}

export interface Resume {
  key: string;
  at: number | null;
  text: string;
}

/** When and from where a run was continued. */
export function resumesOf(attributes: Attributes): Resume[] {
  const family = "training/resumes/";
  const keys = new Set(attributes.below(family).map((one) => one.path.slice(family.length).split("/")[0] ?? ""));
  return [...keys].sort(compareNames).map((key) => {
    const epoch = attributes.number(`${family}${key}/from_epoch`);
    const host = attributes.text(`${family}${key}/host`);
    const checkpoint = attributes.text(`${family}${key}/checkpoint`);
    const parts = [
      epoch === null ? null : `from epoch ${epoch}`,
      checkpoint ? `of ${checkpoint}` : "from a new start",
      host ? `on ${host}` : null,
    ];
    return { key, at: attributes.number(`${family}${key}/at`), text: parts.filter((part) => part !== null).join(", ") };
  });
}

/** Runs that belong to this one, in the order of their numbers. */
export function childrenOf(attributes: Attributes): string[] {
  return attributes
    .below("lineage/children/")
    .flatMap((one) => (typeof one.value === "string" ? [one.value] : []))
    .sort(compareNames);
}
