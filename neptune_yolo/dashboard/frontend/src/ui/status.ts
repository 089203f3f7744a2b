/** In one word, how a run stands. */

export interface Status {
  word: "running" | "completed" | "interrupted" | "failed" | "silent" | "idle";
  tone: "good" | "bad" | "busy" | "plain";
}

/** What the trainer said last, unless its program is silent: then it cannot be running. */
export function statusOf(run: { state: string; failed: boolean; status: string | null }): Status {
  const isRunning = run.state === "running";
  if (run.status === "failed" || (run.failed && run.status !== "interrupted")) return { word: "failed", tone: "bad" };
  if (run.status === "interrupted") return { word: "interrupted", tone: "bad" };
  if (run.status === "completed") return { word: "completed", tone: "good" };
  if (isRunning) return { word: "running", tone: "busy" };
  return run.status === "running" ? { word: "silent", tone: "bad" } : { word: "idle", tone: "plain" };
}
