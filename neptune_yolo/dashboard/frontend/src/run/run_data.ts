/** A run as its page knows it, and where its data is. */
import { PREFIX, query, route, type Schemas } from "../api/client";

export type Head = Schemas["RunHead"];
export type Attribute = Schemas["AttributeView"];

export interface RunPlace {
  workspace: string;
  project: string;
  run: string;
}

/** Attributes by path, with their values as texts and numbers. */
export class Attributes {
  private readonly byPath: Map<string, Attribute>;

  /** `all` is ordered by path. */
  constructor(readonly all: readonly Attribute[]) {
    this.byPath = new Map(all.map((one) => [one.path, one]));
  }

  get(path: string): Attribute | undefined {
    return this.byPath.get(path);
  }

  /** A value as text; null if there is none, or it is empty. */
  text(path: string): string | null {
    const value = this.byPath.get(path)?.value;
    if (typeof value === "string") return value || null;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
  }

  number(path: string): number | null {
    const value = this.byPath.get(path)?.value;
    return typeof value === "number" ? value : null;
  }

  below(prefix: string): Attribute[] {
    return this.all.filter((one) => one.path.startsWith(prefix));
  }

  ofType(...types: string[]): Attribute[] {
    return this.all.filter((one) => types.includes(one.type));
  }
}

/** What every panel of the page is given. */
export interface RunView {
  place: RunPlace;
  head: Head;
  attributes: Attributes;
}

/** Address of a page of the run; `last` is the tab. */
export function runAddress(place: RunPlace, last = ""): string {
  return route(place.workspace, place.project, "e", place.run) + (last ? `/${last}` : "");
}

/** Path of the run in the read API. */
export function runRoute(place: RunPlace, ...last: string[]): string {
  return route("projects", place.workspace, place.project, "runs", place.run, ...last);
}

/** Address of the files of a file set in one archive. */
export function archiveAddress(place: RunPlace, path: string): string {
  return PREFIX + runRoute(place, "file-set", "archive") + query({ path });
}

/** Path of a file's bytes in the read API; `member` is one of a file set. */
export function fileRoute(place: RunPlace, path: string, member = "", download = false): string {
  return runRoute(place, "file") + query({ path, member: member || undefined, download: download ? true : undefined });
}
