/** Hear which runs of a project change, while the page is looked at. */
import { useEffect, useRef } from "preact/hooks";

import type { ProjectName } from "../api/series";
import { PREFIX, route } from "../api/client";

export interface RunSign {
  sys_id: string;
  modified_ms: number;
  state: string;
  trashed: boolean;
}

/** Longest list of runs in an address; for more, all of the project are listened to. */
const MAX_NAMED = 100;

/**
 * Call `onSigns` with the runs that have changed. A hidden page does not listen: browsers hold few connections to one
 * server. When it is seen again, the first event tells of all runs that are alive.
 */
export function useRunEvents(project: ProjectName, runs: readonly string[], onSigns: (signs: RunSign[]) => void): void {
  const latestRef = useRef(onSigns);
  useEffect(() => {
    latestRef.current = onSigns;
  });
  const named = runs.length && runs.length <= MAX_NAMED ? runs : [];
  const search = new URLSearchParams(named.map((run) => ["runs", run])).toString();
  const address = `${PREFIX}${route("projects", project.workspace, project.project, "events")}?${search}`;
  useEffect(() => {
    if (typeof EventSource === "undefined") return undefined;
    let source: EventSource | null = null;
    const close = () => {
      source?.close();
      source = null;
    };
    const follow = () => {
      close();
      if (document.hidden) return;
      source = new EventSource(address);
      source.addEventListener("runs", (event: MessageEvent<string>) => {
        latestRef.current(JSON.parse(event.data) as RunSign[]);
      });
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    window.addEventListener("pagehide", close);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      window.removeEventListener("pagehide", close);
      close();
    };
  }, [address]);
}
