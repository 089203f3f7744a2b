/** Metrics of single classes over the epochs. Pure functions. */
import type { Line } from "./curve_geometry";

export const CLASS_METRICS = "metrics/per_class/";

/** Points of one metric of one class of one run. */
export interface ClassSeries {
  run: string;
  name: string;
  steps: readonly number[];
  values: readonly number[];
}

/** The class and the metric of a path; null for other paths. */
export function splitPath(path: string): { name: string; metric: string } | null {
  if (!path.startsWith(CLASS_METRICS)) return null;
  const rest = path.slice(CLASS_METRICS.length);
  const cut = rest.lastIndexOf("/");
  return cut > 0 ? { name: rest.slice(0, cut), metric: rest.slice(cut + 1) } : null;
}

const byName = new Intl.Collator("en", { numeric: true });

/** What there is among paths: metrics and classes, in order. */
export function metricsAndClasses(paths: readonly string[]): { metrics: string[]; names: string[] } {
  const parts = paths.flatMap((path) => splitPath(path) ?? []);
  const ordered = (values: string[]) => [...new Set(values)].sort((one, other) => byName.compare(one, other));
  return { metrics: ordered(parts.map((part) => part.metric)), names: ordered(parts.map((part) => part.name)) };
}

/** The metric that is shown first: mean average precision where there is one. */
export function firstMetric(metrics: readonly string[]): string | undefined {
  return (
    metrics.find((metric) => metric.includes("50-95")) ?? metrics.find((metric) => /AP/i.test(metric)) ?? metrics[0]
  );
}

export interface Summary {
  last: number | null;
  best: number | null;
  bestStep: number | null;
}

export function summary({ steps, values }: ClassSeries): Summary {
  let best = -1;
  values.forEach((value, at) => {
    if (best < 0 || value > (values[best] ?? -Infinity)) best = at;
  });
  return { last: values.at(-1) ?? null, best: values[best] ?? null, bestStep: steps[best] ?? null };
}

/** Classes that are shown at first: all of a few, else those with the lowest last value. */
export function lowestClasses(series: readonly ClassSeries[], most: number): Set<string> {
  const lowest = new Map<string, number>();
  for (const one of series) {
    const last = one.values.at(-1) ?? Infinity;
    lowest.set(one.name, Math.min(lowest.get(one.name) ?? Infinity, last));
  }
  const ranked = [...lowest].sort(([, one], [, other]) => one - other);
  return new Set(ranked.slice(0, most).map(([name]) => name));
}

export interface Range {
  first: number;
  last: number;
}

/** First and last step of all series. */
export function stepRange(series: readonly ClassSeries[]): Range {
  const steps = series.flatMap((one) => [one.steps[0], one.steps.at(-1)]).filter((step) => step !== undefined);
  return steps.length ? { first: Math.min(...steps), last: Math.max(...steps) } : { first: 0, last: 1 };
}

export function place(step: number, { first, last }: Range): number {
  return last > first ? (step - first) / (last - first) : 0.5;
}

/** Whole epochs at which the axis has a label, at most so many. */
export function epochTicks(range: Range, most = 8): number[] {
  const width = Math.max(range.last - range.first, 1);
  const rough = width / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 1, 1);
  const ticks: number[] = [];
  for (let at = Math.ceil(range.first / step) * step; at <= range.last; at += step) ticks.push(at);
  return ticks;
}

/** The series as lines; `names` gives the classes their colours. */
export function classLines(series: readonly ClassSeries[], names: readonly string[], range: Range): Line[] {
  return series.map((one) => ({
    key: `${one.run} ${one.name}`,
    label: one.name,
    run: one.run,
    class: names.indexOf(one.name),
    score: one.values.at(-1) ?? null,
    x: one.steps.map((step) => place(step, range)),
    y: [...one.values],
    best_x: null,
  }));
}
