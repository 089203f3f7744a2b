/** In one word, how a run stands. */
import type { RunView } from "./run_data";

export interface Status {
  word: string;
  tone: "good" | "bad" | "busy" | "plain";
}

/** What the trainer said, unless its program is silent: then it cannot be running. */
export function statusOf({ head, attributes }: Pick<RunView, "head" | "attributes">): Status {
  const said = attributes.text("training/status");
  const isRunning = head.state === "running";
  if (said === "failed" || (head.failed && said !== "interrupted")) return { word: "failed", tone: "bad" };
  if (said === "interrupted") return { word: "interrupted", tone: "bad" };
  if (said === "completed") return { word: "completed", tone: "good" };
  if (isRunning) return { word: "running", tone: "busy" };
  return said === "running" ? { word: "silent", tone: "bad" } : { word: "idle", tone: "plain" };
}
