/** Requests of the YOLO views. */
import { ask, askJson, PREFIX, query, route } from "../api/client";

/** Names a run: `run` is its identifier, such as `YOL-7`. */
export interface RunPlace {
  workspace: string;
  project: string;
  run: string;
}

export interface SeriesFacts {
  count: number;
  last_step: number | null;
}

export interface FoundAttribute {
  path: string;
  type: string;
  value?: unknown;
  series?: SeriesFacts | null;
  file?: { extension: string; size_bytes: number; sha256: string } | null;
}

export interface PicturePoint {
  step: number;
  logged_ms: number;
  name: string | null;
  description: string | null;
  sha256: string;
}

export const placeKey = ({ workspace, project, run }: RunPlace) => `${workspace}/${project}/${run}`;

function runRoute({ workspace, project, run }: RunPlace, noun = ""): string {
  return route("projects", workspace, project, "runs", run) + noun;
}

/** The attributes of a run below a prefix, by path. */
export async function loadAttributes(place: RunPlace, prefix: string, signal: AbortSignal): Promise<FoundAttribute[]> {
  const path = runRoute(place, `/attributes${query({ prefix })}`);
  return (await askJson<{ attributes: FoundAttribute[] }>(path, { signal })).attributes;
}

/** Whether a run is running, and what people call it. */
export async function loadHead(place: RunPlace, signal: AbortSignal): Promise<{ state: string; name: string }> {
  return askJson(runRoute(place), { signal });
}

/** A JSON file of a run. `version` changes when the file does. */
export async function loadFile(place: RunPlace, path: string, signal: AbortSignal): Promise<unknown> {
  return (await ask(runRoute(place, `/file${query({ path })}`), { signal })).json();
}

/** Address of a file of a run. */
export function fileAddress(place: RunPlace, path: string): string {
  return PREFIX + runRoute(place, `/file${query({ path })}`);
}

/** Address of one picture of a series. */
export function pictureAddress(place: RunPlace, path: string, step: number): string {
  return PREFIX + runRoute(place, `/image${query({ path, step })}`);
}

const PAGE = 10_000;

/** All points of a picture series, without their bytes. */
export async function loadPictures(place: RunPlace, path: string, signal: AbortSignal): Promise<PicturePoint[]> {
  const points: PicturePoint[] = [];
  for (;;) {
    const address = runRoute(place, `/images${query({ path, offset: points.length, limit: PAGE })}`);
    const page = await askJson<{ total: number; points: PicturePoint[] }>(address, { signal });
    points.push(...page.points);
    if (points.length >= page.total || !page.points.length) return points;
  }
}

export interface LoadedSeries {
  run: string;
  path: string;
  steps: number[];
  values: number[];
}

const MOST_SERIES = 200;

/** Points of series of runs of one project, thinned by the server if they are many. */
export async function loadSeries(
  wanted: readonly { place: RunPlace; path: string }[],
  signal: AbortSignal,
): Promise<LoadedSeries[]> {
  const found: LoadedSeries[] = [];
  for (let start = 0; start < wanted.length; start += MOST_SERIES) {
    const part = wanted.slice(start, start + MOST_SERIES);
    const [first] = part;
    if (!first) break;
    const series = part.map(({ place, path }) => ({ run: place.run, path }));
    const address = route("projects", first.place.workspace, first.place.project, "series");
    const body = { series, bins: 300 };
    found.push(...(await askJson<{ series: LoadedSeries[] }>(address, { method: "POST", body, signal })).series);
  }
  return found;
}
