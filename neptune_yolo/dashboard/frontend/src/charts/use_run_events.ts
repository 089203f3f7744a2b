/** Hear which runs of a project change, while the page is looked at. */
import { useEffect, useRef } from "preact/hooks";

import type { ProjectName } from "../api/series";
import { hearRuns, type RunSign } from "./shared_events";

export type { RunSign } from "./shared_events";

/**
 * Call `onSigns` with those of the runs that have changed; no runs stand for all. A hidden page does not listen. When it
 * is seen again, the first event tells of all runs that are alive.
 */
export function useRunEvents(project: ProjectName, runs: readonly string[], onSigns: (signs: RunSign[]) => void): void {
  const { workspace, project: name } = project;
  const latestRef = useRef<(signs: RunSign[]) => void>(() => undefined);
  useEffect(() => {
    latestRef.current = (signs) => {
      const meant = runs.length ? signs.filter((sign) => runs.includes(sign.sys_id)) : signs;
      if (meant.length) onSigns(meant);
    };
  });
  useEffect(() => {
    let stop: (() => void) | null = null;
    const close = () => {
      stop?.();
      stop = null;
    };
    const follow = () => {
      close();
      if (document.hidden) return;
      stop = hearRuns({ workspace, project: name }, (signs) => {
        latestRef.current(signs);
      });
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      window.removeEventListener("pagehide", close);
      window.removeEventListener("pageshow", follow);
      close();
    };
  }, [workspace, name]);
}
