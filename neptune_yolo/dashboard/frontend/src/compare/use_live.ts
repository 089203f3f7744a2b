/** Load anew what a page shows when the server tells that it has changed. */
import { useCallback, useEffect, useRef } from "preact/hooks";

import type { ProjectName } from "../api/series";
import { type RunSign, useRunEvents } from "../charts/use_run_events";
import { type Seen, takeNews } from "./news";

/** A training changes with each batch; a page need not be loaded more often than this. */
const PAUSE_MS = 2000;

/** What takes in signs, and calls `onNews` when they tell of a change; with a pause between calls. */
export function useNews(onNews: () => void): (signs: RunSign[]) => void {
  const latestRef = useRef(onNews);
  const seenRef = useRef<Seen>(new Map());
  const timerRef = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    latestRef.current = onNews;
  });
  useEffect(
    () => () => {
      if (timerRef.current !== null) clearTimeout(timerRef.current);
    },
    [],
  );
  return useCallback((signs: RunSign[]) => {
    if (!takeNews(seenRef.current, signs) || timerRef.current !== null) return;
    timerRef.current = setTimeout(() => {
      timerRef.current = null;
      latestRef.current();
    }, PAUSE_MS);
  }, []);
}

/** Call `onNews` when one of the runs has changed. */
export function useLiveRuns(project: ProjectName, runs: readonly string[], onNews: () => void): void {
  const take = useNews(onNews);
  useRunEvents(project, runs, (signs) => {
    if (runs.length) take(signs);
  });
}
