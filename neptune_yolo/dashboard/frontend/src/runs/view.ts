/** What the page of runs shows, as its address says it. */

export const FIGURES = ["last", "min", "max", "average", "variance"] as const;
export type Figure = (typeof FIGURES)[number];

export interface Column {
  path: string;
  aggregate: Figure;
  /** Pixels; 0 for the usual width. */
  width: number;
  pinned: boolean;
}

export interface Sort {
  path: string;
  aggregate: Figure;
  descending: boolean;
}

export interface GroupKey {
  path: string;
  value: string | number | boolean | null;
}

export interface View {
  nql: string;
  search: string;
  trash: boolean;
  /** Null stands for the usual columns. */
  columns: Column[] | null;
  sort: Sort;
  /** Paths by which runs are grouped. */
  by: string[];
  /** The group whose runs are shown. */
  within: GroupKey[];
  /** Identifiers of the runs that are selected. */
  selected: string[];
}

export const NEWEST: Sort = { path: "sys/creation_time", aggregate: "last", descending: true };
export const MIN_WIDTH = 60;
export const MAX_WIDTH = 900;

export function column(path: string, aggregate: Figure = "last"): Column {
  return { path, aggregate, width: 0, pinned: false };
}

export function sameColumn(one: { path: string; aggregate: Figure }, other: { path: string; aggregate: Figure }) {
  return one.path === other.path && one.aggregate === other.aggregate;
}

/** Read the query part of an address; what makes no sense there is left out. */
export function readView(query: string): View {
  const given = new URLSearchParams(query);
  const columns = given.getAll("c").map(readColumn).filter(isThere);
  return {
    nql: given.get("q") ?? "",
    search: given.get("search") ?? "",
    trash: given.has("trash"),
    columns: given.has("c") ? columns : null,
    sort: readSort(given.get("sort")),
    by: [...new Set(given.getAll("by"))].slice(0, 5),
    within: given.getAll("in").map(readKey).filter(isThere),
    selected: (given.get("runs") ?? "").split(",").filter(Boolean),
  };
}

/** Write the query part of an address, without its question mark. */
export function writeView(view: View): string {
  const given = new URLSearchParams();
  if (view.nql) given.set("q", view.nql);
  if (view.search) given.set("search", view.search);
  if (view.trash) given.set("trash", "1");
  for (const each of view.columns ?? []) {
    given.append("c", `${each.aggregate}:${each.width || ""}:${each.pinned ? "p" : ""}:${each.path}`);
  }
  if (view.columns?.length === 0) given.append("c", "");
  if (view.sort.path !== NEWEST.path || !view.sort.descending) {
    given.set("sort", `${view.sort.descending ? "-" : "+"}${view.sort.aggregate}:${view.sort.path}`);
  }
  for (const path of view.by) given.append("by", path);
  for (const key of view.within) given.append("in", `${JSON.stringify(key.value)}:${key.path}`);
  if (view.selected.length) given.set("runs", view.selected.join(","));
  return given.toString();
}

/** The next order after a click on a column's head: highest first, or A to Z; the other way; then as usual. */
export function nextSort(present: Sort, clicked: { path: string; aggregate: Figure }, isText = false): Sort {
  const first = { path: clicked.path, aggregate: clicked.aggregate, descending: !isText };
  if (!sameColumn(present, clicked)) return first;
  return present.descending === first.descending ? { ...present, descending: !first.descending } : NEWEST;
}

/** Move a column to another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, at) => at !== from);
  const item = items[from];
  if (item === undefined) return [...items];
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, item);
  return rest;
}

/** Columns in the order in which they stand: those that are pinned first. */
export function arranged(columns: readonly Column[]): Column[] {
  return [...columns.filter((each) => each.pinned), ...columns.filter((each) => !each.pinned)];
}

function readColumn(text: string): Column | null {
  const [aggregate, width, pinned, ...path] = text.split(":");
  const figure = FIGURES.find((each) => each === aggregate);
  if (!figure || path.length === 0 || path.join(":") === "") return null;
  const pixels = Number(width);
  const isWidth = Number.isFinite(pixels) && pixels >= MIN_WIDTH && pixels <= MAX_WIDTH;
  return { path: path.join(":"), aggregate: figure, width: isWidth ? Math.round(pixels) : 0, pinned: pinned === "p" };
}

function readSort(text: string | null): Sort {
  const parts = /^([-+ ])([a-z]+):(.+)$/s.exec(text ?? "");
  const figure = FIGURES.find((each) => each === parts?.[2]);
  if (!parts?.[3] || !figure) return NEWEST;
  return { path: parts[3], aggregate: figure, descending: parts[1] === "-" };
}

function readKey(text: string): GroupKey | null {
  const parts = /^("(?:[^"\\]|\\.)*"|[^":]+):(.+)$/s.exec(text);
  if (!parts?.[1] || !parts[2]) return null;
  try {
    const value: unknown = JSON.parse(parts[1]);
    if (value !== null && !["string", "number", "boolean"].includes(typeof value)) return null;
    return { path: parts[2], value: value as GroupKey["value"] };
  } catch {
    return null;
  }
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}
