/** What there is to draw of some runs, kept up to date while they go on. */
import { useEffect, useRef, useState } from "preact/hooks";

import { askJson, route, type Schemas } from "../api/client";
import type { ProjectName } from "../api/series";
import { type Loaded, useLoad } from "../ui/use_load";
import type { Changes } from "./use_curves";
import { type RunSign, useRunEvents } from "./use_run_events";

export type ChartList = Schemas["ChartListView"];

/** How often the list is asked for again while runs change: new metrics come at the end of an epoch. */
const REFRESH_MS = 5000;

export interface WantedList {
  project: ProjectName;
  /** Runs by identifier; none stands for the newest. */
  runs: readonly string[];
  newest: number;
  groupBy: string;
}

export function useChartList({ project, runs, newest, groupBy }: WantedList): {
  list: Loaded<ChartList> & { reload: () => void };
  changes: Changes;
  states: ReadonlyMap<string, string>;
} {
  const search = new URLSearchParams(runs.map((run) => ["runs", run]));
  search.set("newest", String(newest));
  if (groupBy) search.set("group_by", groupBy);
  const path = `${route("projects", project.workspace, project.project, "charts")}?${search.toString()}`;
  const list = useLoad(path, (signal) => askJson<ChartList>(path, { signal }));
  const [changes, setChanges] = useState<Changes>(new Map());
  const [states, setStates] = useState<ReadonlyMap<string, string>>(new Map());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  useRunEvents(project, runs, (signs: RunSign[]) => {
    setChanges((before) => new Map([...before, ...signs.map((sign) => [sign.sys_id, sign.modified_ms] as const)]));
    setStates((before) => new Map([...before, ...signs.map((sign) => [sign.sys_id, sign.state] as const)]));
    timer.current ??= setTimeout(() => {
      timer.current = null;
      list.reload();
    }, REFRESH_MS);
  });
  return { list, changes, states };
}
