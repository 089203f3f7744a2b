/** The files of a run, and how each can be shown. */
import type { Attributes } from "./run_data";
import { compareNames } from "./tree";

export interface FileItem {
  path: string;
  extension: string;
  sizeBytes: number;
  sha256: string;
  isSet: boolean;
}

/** Files and file sets by path; those below some prefixes, or all. */
export function filesOf(attributes: Attributes, prefixes?: readonly string[]): FileItem[] {
  return attributes
    .ofType("file", "fileSet")
    .filter((one) => !prefixes || prefixes.some((prefix) => one.path.startsWith(prefix)))
    .map((one) => ({
      path: one.path,
      extension: one.file ? one.file.extension : "",
      sizeBytes: one.file ? one.file.size_bytes : 0,
      sha256: one.file ? one.file.sha256 : "",
      isSet: one.type === "fileSet",
    }))
    .sort((one, other) => compareNames(one.path, other.path));
}

export type Form = "picture" | "page" | "table" | "json" | "text" | "none";

const FORMS: Record<string, Form> = {
  ...Object.fromEntries(["png", "jpg", "jpeg", "gif", "webp", "bmp", "avif", "svg"].map((name) => [name, "picture"])),
  html: "page",
  htm: "page",
  csv: "table",
  tsv: "table",
  json: "json",
  ...Object.fromEntries(
    "txt log md rst yaml yml py ipynb toml ini cfg conf sh bat js ts css xml ndjson jsonl diff patch env args"
      .split(" ")
      .map((name) => [name, "text"]),
  ),
};

/** How a file is shown, by its extension. */
export function formOf(extension: string): Form {
  return FORMS[extension.toLowerCase()] ?? "none";
}

/** JSON in lines; as it is if it is none. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
