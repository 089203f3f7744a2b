/** Pinned and own charts of a project, as they are saved. */
import { useState } from "preact/hooks";

import { ApiError, askJson, query, route, type Schemas } from "../api/client";
import type { ProjectName } from "../api/series";
import { useLoad } from "../ui/use_load";
import { type ChartView, readView, VIEW_NAME } from "./chart_view";

export function useChartView({ workspace, project }: ProjectName): {
  view: ChartView;
  /** What went wrong with the last change. */
  problem: string;
  save: (view: ChartView) => void;
} {
  const path = route("projects", workspace, project, "views");
  const loaded = useLoad(path, (signal) => askJson<Schemas["Views"]>(path + query({ kind: "charts" }), { signal }));
  const [changed, setChanged] = useState<{ path: string; view: ChartView } | null>(null);
  const [problem, setProblem] = useState("");
  const view = changed?.path === path ? changed.view : readView(loaded.value?.views ?? []);
  const save = (next: ChartView) => {
    const before = changed;
    setChanged({ path, view: next });
    setProblem("");
    askJson(path, { method: "PUT", body: { kind: "charts", name: VIEW_NAME, content: next } }).catch(
      (error: unknown) => {
        setChanged(before);
        setProblem(error instanceof ApiError ? error.message : String(error));
      },
    );
  };
  return { view, problem, save };
}
