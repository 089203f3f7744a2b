/** Which metrics stand in one chart, and which charts stand together. */
export interface Metric {
  path: string;
  runs: readonly string[];
  total: number;
}

export interface ChartSpec {
  /** Steady name of the chart within its page. */
  key: string;
  title: string;
  namespace: string;
  paths: string[];
}

/** Phases of a training whose curves belong into one chart, as words of a path. */
const PHASES = new Set(["train", "training", "val", "valid", "validation", "test"]);
const TOGETHER = "train and val";
const OTHER = "other";
/** Namespaces that are looked at first; "custom" are charts that people made. */
const IMPORTANT = ["custom", "metrics", TOGETHER];
const TRAIN_FIRST = ["train", "training", "val", "valid", "validation", "test"];

/** The phase that a path speaks of, and the path with a star in its place. */
export function phaseOf(path: string): { phase: string | null; rest: string } {
  const words = path.split("/");
  const index = words.findIndex((word) => PHASES.has(word.toLowerCase()));
  const phase = words[index];
  if (phase === undefined) return { phase: null, rest: path };
  return { phase, rest: words.map((word, place) => (place === index ? "*" : word)).join("/") };
}

/** One chart for each metric; the same metric of training and validation stands in one. */
export function chartsOf(metrics: readonly Metric[]): ChartSpec[] {
  const families = new Map<string, string[]>();
  for (const { path } of metrics) {
    const { rest } = phaseOf(path);
    families.set(rest, [...(families.get(rest) ?? []), path]);
  }
  const charts = [...families].map(([rest, paths]) => {
    paths.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
    const single = paths.length === 1 ? (paths[0] ?? rest) : rest;
    const title =
      paths.length === 1
        ? single
        : rest
            .split("/")
            .filter((word) => word !== "*")
            .join("/");
    return { key: rest, title: title || rest, namespace: namespaceOf(paths.length === 1 ? single : rest), paths };
  });
  return charts.sort(
    (one, other) => one.namespace.localeCompare(other.namespace) || one.title.localeCompare(other.title),
  );
}

/** Charts by namespace: what tells of the result first, the machine last; those alone in theirs stand together. */
export function byNamespace(charts: readonly ChartSpec[]): Map<string, ChartSpec[]> {
  const groups = new Map<string, ChartSpec[]>();
  for (const chart of charts) groups.set(chart.namespace, [...(groups.get(chart.namespace) ?? []), chart]);
  const alone = [...groups].filter(([name, members]) => members.length === 1 && isOrdinary(name));
  if (alone.length > 1) {
    for (const [name] of alone) groups.delete(name);
    groups.set(OTHER, [...(groups.get(OTHER) ?? []), ...alone.flatMap(([, members]) => members)]);
  }
  const names = [...groups.keys()].sort((one, other) => importance(one) - importance(other));
  return new Map(names.map((name) => [name, groups.get(name) ?? []]));
}

function isOrdinary(namespace: string): boolean {
  return importance(namespace) === IMPORTANT.length;
}

function importance(namespace: string): number {
  if (namespace === OTHER) return IMPORTANT.length + 1;
  if (namespace.startsWith("monitoring")) return IMPORTANT.length + 2;
  const rank = IMPORTANT.indexOf(namespace);
  return rank < 0 ? IMPORTANT.length : rank;
}

/** Whether a chart is meant by what somebody typed: every word, in any order. */
export function matches(chart: ChartSpec, typed: string): boolean {
  const text = [chart.title, ...chart.paths].join(" ").toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function rank(path: string): number {
  return TRAIN_FIRST.indexOf((phaseOf(path).phase ?? "").toLowerCase());
}

function namespaceOf(path: string): string {
  const words = path.split("/").slice(0, -1);
  if (words.length === 1 && words[0] === "*") return TOGETHER;
  return words.filter((word) => word !== "*").join("/") || OTHER;
}
