/** The commit of a run, as the client or the trainer wrote it. */
import type { Attributes } from "./run_data";

export interface Commit {
  id: string | null;
  message: string | null;
  author: string | null;
  dateMs: number | null;
  branch: string | null;
  remotes: string[];
  isDirty: boolean | null;
}

/** The commit that the client found, or that of the trainer's own attributes. */
export function commitOf(attributes: Attributes): Commit {
  const details = record(attributes.get("source_code/git")?.value);
  const commit = record(details.commit);
  const origin = attributes.text("environment/git/origin");
  const remotes = Array.isArray(details.remotes) ? details.remotes.filter((one) => typeof one === "string") : [];
  const date = typeof commit.commitDate === "string" ? Date.parse(commit.commitDate) : commit.commitDate;
  return {
    id: text(commit.commitId) ?? attributes.text("environment/git/commit"),
    message: text(commit.message)?.trim() ?? null,
    author: text(commit.authorName),
    dateMs: typeof date === "number" && Number.isFinite(date) ? date : null,
    branch: text(details.currentBranch) ?? attributes.text("environment/git/branch"),
    remotes: remotes.length ? remotes : origin ? [origin] : [],
    isDirty: typeof details.repositoryDirty === "boolean" ? details.repositoryDirty : null,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" && value ? value : null;
}
