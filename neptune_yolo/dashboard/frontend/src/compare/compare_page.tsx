/** Several runs side by side: what was set, what came out, and how the two go together. */
import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";

import { askJson, route } from "../api/client";
import { Failed, Empty, Loading } from "../ui/states";
import { Tabs } from "../ui/tabs";
import { useLoad } from "../ui/use_load";
import { useQueryState } from "../ui/query_state";
import { readRuns, readTab, TABS, type TabKey, writeRuns } from "./address";
import { Artifacts } from "./artifacts";
import "./compare.css";
import { Configuration } from "./configuration";
import type { Comparison } from "./facts";
import { Metrics } from "./metrics";
import { ATOMS, compare, type Project } from "./requests";
import { Pictures } from "./picture_grid";
import { RunList } from "./run_list";
import { Scatter } from "./scatter";
import { useLiveRuns } from "./use_live";

const Parallel = lazy(() => import("./parallel").then((module) => ({ default: module.Parallel })));
const YoloViews = lazy(() => import("../yolo/run_pictures_page").then((module) => ({ default: module.YoloViews })));

/** Tabs that can show the runs of a query instead of those that were chosen. */
const OVER_QUERY = new Set<TabKey>(["scatter", "parallel"]);

export default function ComparePage({ params }: { params: Record<string, string> }) {
  const where = { workspace: params.workspace ?? "", project: params.project ?? "" };
  const state = useQueryState();
  const runs = readRuns(state.get("runs"));
  const tab = readTab(state.get("tab"));
  const key = `${where.workspace}/${where.project}?${runs.join(",")}`;
  const loaded = useLoad(key, (signal) =>
    runs.length
      ? compare(where, { runs, types: [...ATOMS, "floatSeries"] }, signal)
      : askJson(route("projects", where.workspace, where.project), { signal }).then(() => null),
  );
  const [turn, setTurn] = useState(0);
  useLiveRuns(where, runs, () => {
    loaded.reload();
    setTurn((before) => before + 1);
  });
  if (loaded.error && !runs.length) return <Failed error={loaded.error} retry={loaded.reload} />;
  return (
    <div class="compare-page">
      <h1>Compare runs</h1>
      <RunList
        where={where}
        runs={runs}
        known={loaded.value?.runs ?? []}
        onChange={(next) => {
          state.set({ runs: writeRuns(next) });
        }}
      />
      {loaded.error ? <Failed error={loaded.error} retry={loaded.reload} /> : null}
      <Tabs
        label="What is compared"
        tabs={TABS}
        current={tab}
        onChange={(next) => {
          state.set({ tab: next === "configuration" ? null : next, find: null });
        }}
      >
        <View
          tab={tab}
          where={where}
          runs={runs}
          comparison={loaded.value}
          failed={loaded.error !== null}
          turn={turn}
        />
      </Tabs>
    </div>
  );
}

interface ViewProps {
  tab: TabKey;
  where: Project;
  runs: readonly string[];
  comparison: Comparison | null;
  failed: boolean;
  /** Changes when one of the runs has. */
  turn: number;
}

function View({ tab, where, runs, comparison, failed, turn }: ViewProps) {
  const hasQuery = useQueryState().get("query") !== null;
  const isOverQuery = hasQuery && OVER_QUERY.has(tab);
  if (runs.length === 0 && !isOverQuery)
    return (
      <Empty title="No runs chosen">
        Add runs above, or select some in the table of runs and choose “Compare”.
        {OVER_QUERY.has(tab) ? <AllRuns /> : null}
      </Empty>
    );
  if (!comparison && !isOverQuery) return failed ? null : <Loading what="the runs" />;
  if (tab === "scatter") return <Scatter where={where} comparison={comparison} />;
  if (tab === "parallel")
    return (
      <Suspense fallback={<Loading what="the chart" />}>
        <Parallel where={where} comparison={comparison} />
      </Suspense>
    );
  if (!comparison) return null;
  switch (tab) {
    case "configuration":
      return <Configuration where={where} comparison={comparison} />;
    case "metrics":
      return <Metrics where={where} comparison={comparison} />;
    case "artifacts":
      return <Artifacts where={where} comparison={comparison} />;
    case "pictures":
      return <Pictures where={where} runs={runs} turn={turn} />;
    case "yolo":
      return (
        <Suspense fallback={<Loading what="the views" />}>
          <YoloViews places={runs.map((run) => ({ ...where, run }))} />
        </Suspense>
      );
  }
}

function AllRuns() {
  const state = useQueryState();
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          state.set({ query: "" });
        }}
      >
        Draw all runs of the project
      </button>
    </p>
  );
}
