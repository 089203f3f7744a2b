/** Addresses of models and versions, and how a version is loaded in Python. */
import { route } from "../api/client";
import { quoted } from "../run/snippets";

export interface Project {
  workspace: string;
  project: string;
}

export function modelLink(where: Project, model: string): string {
  return route(where.workspace, where.project, "m", model);
}

export function versionLink(where: Project, model: string, version: string): string {
  return route(where.workspace, where.project, "m", model, "v", version);
}

/** The version that the rest of a model's address names, such as `v/YOL-DET-3/metadata`; null for none. */
export function readVersion(rest: string | undefined): string | null {
  return /^v\/([^/]+)/.exec(rest ?? "")?.[1] ?? null;
}

/** A program that loads the weights of a version; `path` is that of a file, `extension` without the dot. */
export function loadSnippet(where: Project, version: string, path: string, extension: string): string {
  const file = `${version}${extension ? `.${extension}` : ""}`;
  const lines = [
    "import neptune",
    ...(extension === "pt" ? ["from ultralytics import YOLO"] : []),
    "",
    "version = neptune.init_model_version(",
    `    project=${quoted(`${where.workspace}/${where.project}`)},`,
    `    with_id=${quoted(version)},`,
    '    mode="read-only",',
    ")",
    `version[${quoted(path)}].download(${quoted(file)})`,
    "version.stop()",
    ...(extension === "pt" ? [`model = YOLO(${quoted(file)})`] : []),
  ];
  return lines.join("\n");
}

/** The file that most probably holds the weights: weights/best, else a .pt, else any. */
export function weightsOf<T extends { path: string; file?: { extension: string } | null }>(
  attributes: readonly T[],
): T | null {
  const files = attributes.filter((attribute) => attribute.file?.extension);
  return (
    files.find(({ path }) => path === "weights/best") ??
    files.find(({ file }) => file?.extension === "pt") ??
    files.find(({ file }) => file?.extension === "onnx") ??
    files[0] ??
    null
  );
}

/** Columns of the table of versions: the numbers below `metrics/` that versions have, at most `most`. */
export function metricColumns(
  versions: readonly { attributes: readonly { path: string; value?: unknown }[] }[],
  most: number,
): string[] {
  const names = versions.flatMap(({ attributes }) =>
    attributes
      .filter(({ path, value }) => path.startsWith("metrics/") && typeof value === "number")
      .map(({ path }) => path),
  );
  return [...new Set(names)].sort().slice(0, most);
}
