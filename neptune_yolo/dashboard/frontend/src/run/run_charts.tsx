/** The charts of one run. */
import { useMemo } from "preact/hooks";

import { ChartGrid } from "../charts/chart_grid";
import type { RunPlace } from "./run_data";

export interface RunChartsProps {
  place: RunPlace;
  prefixes?: readonly string[];
  without?: readonly string[];
}

/** The page of a run is drawn anew with each look at the server; its charts hear of changes by themselves. */
export default function RunCharts({ place, ...chosen }: RunChartsProps) {
  const { workspace, project, run } = place;
  const where = useMemo(() => ({ workspace, project }), [workspace, project]);
  const runs = useMemo(() => [run], [run]);
  return <ChartGrid project={where} runs={runs} {...chosen} />;
}
