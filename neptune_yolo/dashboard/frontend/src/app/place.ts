/** What an address is of: which project, which part of it, and a title. */

export type Section = "runs" | "charts" | "compare" | "models" | "settings";

export interface Place {
  /** Workspace and name; null outside of projects. */
  project: { workspace: string; name: string } | null;
  /** Part of the project that is marked in the navigation. */
  section: Section | null;
  title: string;
}

const NAMES: Record<Section, string> = {
  runs: "Runs",
  charts: "Charts",
  compare: "Compare",
  models: "Models",
  settings: "Settings",
};

export const SECTIONS = Object.entries(NAMES) as [Section, string][];

/** Parts that keep the chosen runs when one goes from one to the other. */
const OF_CHOSEN_RUNS: readonly Section[] = ["charts", "compare"];

export function placeOf(pathname: string): Place {
  const parts = pathname.split("/").filter(Boolean).map(decode);
  const [workspace, name, view, item, , version] = parts;
  if (workspace === undefined) return { project: null, section: null, title: "Projects" };
  if (workspace === "account") return { project: null, section: null, title: "Account" };
  if (name === undefined) return { project: null, section: null, title: "No such page" };
  const project = { workspace, name };
  const of = `${workspace}/${name}`;
  if (view === "e" && item) return { project, section: "runs", title: `${item} · ${of}` };
  if (view === "m" && item) return { project, section: "models", title: `${version ?? item} · ${of}` };
  const section = SECTIONS.find(([known]) => known === view)?.[0] ?? "runs";
  return { project, section, title: `${NAMES[section]} · ${of}` };
}

/** The address of a part of a project; `search` is the present query string. */
export function addressOf(project: { workspace: string; name: string }, section: Section, search = ""): string {
  const base = `/${encodeURIComponent(project.workspace)}/${encodeURIComponent(project.name)}`;
  const runs = new URLSearchParams(search).get("runs");
  const chosen = runs && OF_CHOSEN_RUNS.includes(section) ? `?${new URLSearchParams({ runs }).toString()}` : "";
  return `${base}/${section === "runs" ? "" : section}${chosen}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
