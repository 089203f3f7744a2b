/** The query string of the compare page: which runs, and what of them. */

export const TABS = [
  { key: "configuration", label: "Configuration" },
  { key: "metrics", label: "Metrics" },
  { key: "scatter", label: "Scatter" },
  { key: "parallel", label: "Parallel coordinates" },
  { key: "pictures", label: "Pictures" },
  { key: "yolo", label: "Predictions and curves" },
  { key: "artifacts", label: "Artifacts" },
] as const;

export type TabKey = (typeof TABS)[number]["key"];

/** The runs of a list such as `YOL-1,YOL-2`, each once, in its order. */
export function readRuns(text: string | null): string[] {
  const ids = (text ?? "").split(",").map((part) => part.trim());
  return [...new Set(ids.filter((part) => /^[A-Za-z0-9_-]{1,160}$/.test(part)))];
}

export function writeRuns(runs: readonly string[]): string | null {
  return runs.length ? runs.join(",") : null;
}

export function readTab(text: string | null): TabKey {
  return TABS.find((tab) => tab.key === text)?.key ?? "configuration";
}

/** The run that comes first is what the others are compared with. */
export function withFirst(runs: readonly string[], first: string): string[] {
  return [first, ...runs.filter((run) => run !== first)];
}
