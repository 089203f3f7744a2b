/** Requests of the page of runs. */
import { ask, askJson, query, route, type Schemas } from "../api/client";
import type { Column, View } from "./view";

export interface Project {
  workspace: string;
  project: string;
}

export const PAGE = 100;

function base({ workspace, project }: Project): string {
  return `/projects${route(workspace, project)}`;
}

function filter(view: View) {
  return { nql: view.nql, search: view.search, trashed: view.trash, within: view.within };
}

function chosen(columns: readonly Column[]) {
  return columns.map(({ path, aggregate }) => ({ path, aggregate }));
}

export function searchBody(view: View, columns: readonly Column[]) {
  return { ...filter(view), columns: chosen(columns), sort: view.sort };
}

export type SearchBody = ReturnType<typeof searchBody>;

export function searchRuns(project: Project, body: SearchBody, offset: number, limit: number, signal: AbortSignal) {
  const path = `${base(project)}/runs/search`;
  return askJson<Schemas["RunPage"]>(path, { method: "POST", body: { ...body, offset, limit }, signal });
}

export function groupRuns(project: Project, view: View, columns: readonly Column[], signal: AbortSignal) {
  const body = { ...filter(view), within: [], by: view.by, columns: chosen(columns).slice(0, 30) };
  return askJson<Schemas["RunGroups"]>(`${base(project)}/runs/groups`, { method: "POST", body, signal });
}

export function changeRun(project: Project, sysId: string, change: Partial<Schemas["RunChange"]>) {
  const path = `${base(project)}/runs${route(sysId)}`;
  return askJson<Schemas["RunHead"]>(path, { method: "PATCH", body: change });
}

export function moveRuns(project: Project, action: "trash" | "restore" | "delete", runs: readonly string[]) {
  const path = `${base(project)}/runs/${action}`;
  return askJson<Schemas["RunsChanged"]>(path, { method: "POST", body: { runs } });
}

export async function attributeNames(project: Project, search: string, limit: number, signal: AbortSignal) {
  const path = `${base(project)}/attribute-names${query({ search, limit })}`;
  return (await askJson<Schemas["AttributeNames"]>(path, { signal })).names;
}

export async function exportCsv(project: Project, body: SearchBody): Promise<Blob> {
  return (await ask(`${base(project)}/runs/csv`, { method: "POST", body })).blob();
}

export async function listViews(project: Project, signal: AbortSignal) {
  return (await askJson<Schemas["Views"]>(`${base(project)}/views?kind=runs`, { signal })).views;
}

export function saveView(project: Project, name: string, address: string) {
  const body = { kind: "runs", name, content: { query: address } };
  return askJson<Schemas["View"]>(`${base(project)}/views`, { method: "PUT", body });
}

export function deleteView(project: Project, id: string) {
  return askJson<Schemas["Nothing"]>(`${base(project)}/views${route(id)}`, { method: "DELETE" });
}
