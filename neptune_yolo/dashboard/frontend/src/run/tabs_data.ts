/** The tabs of a run's page, and the addresses that the Neptune client prints for them. */
export const TABS = [
  { key: "overview", label: "Overview" },
  { key: "charts", label: "Charts" },
  { key: "pictures", label: "Pictures" },
  { key: "attributes", label: "Attributes" },
  { key: "files", label: "Files" },
  { key: "checkpoints", label: "Checkpoints" },
  { key: "monitoring", label: "Monitoring" },
  { key: "logs", label: "Logs" },
  { key: "source", label: "Source" },
] as const;

export type TabKey = (typeof TABS)[number]["key"];

const OTHER_NAMES: Record<string, TabKey> = {
  metadata: "overview",
  details: "overview",
  all: "attributes",
  images: "pictures",
  artifacts: "attributes",
  "source-code": "source",
};

/** The tab of the rest of an address. */
export function tabOf(rest: string | undefined): TabKey {
  const name = (rest ?? "").split("/")[0] ?? "";
  return TABS.find((tab) => tab.key === name)?.key ?? OTHER_NAMES[name] ?? "overview";
}
