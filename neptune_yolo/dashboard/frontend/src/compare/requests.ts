/** What the compare page asks the server for. */
import { askJson, route } from "../api/client";
import type { Comparison } from "./facts";

export interface Project {
  workspace: string;
  project: string;
}

export interface Wanted {
  runs?: readonly string[];
  query?: string;
  limit?: number;
  paths?: readonly string[];
  prefixes?: readonly string[];
  types?: readonly string[];
  search?: string;
  only_different?: boolean;
}

export const ATOMS = ["float", "int", "bool", "string", "datetime", "stringSet", "gitRef", "artifact"] as const;

/** Most runs that can be compared with all their attributes. */
export const MAX_RUNS = 100;

export function compare(where: Project, wanted: Wanted, signal?: AbortSignal): Promise<Comparison> {
  const path = `${route("projects", where.workspace, where.project)}/compare`;
  return askJson<Comparison>(path, { method: "POST", body: wanted, ...(signal ? { signal } : {}) });
}

/** Address of a run's page. */
export function runLink(where: Project, sysId: string): string {
  return route(where.workspace, where.project, "e", sysId);
}
