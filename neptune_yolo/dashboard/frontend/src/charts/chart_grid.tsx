/** Charts of all metrics of some runs, by namespace: what the page of charts and the page of a run show. */
import { useMemo, useState } from "preact/hooks";

import type { ProjectName } from "../api/series";
import { formatPlural } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { Chart } from "./chart";
import { CUSTOM_NAMESPACE } from "./chart_view";
import "./charts.css";
import type { ChartRun } from "./lines";
import { byNamespace, type ChartSpec, chartsOf, matches, type Metric } from "./metrics";
import { type ChartSettings, readSettings } from "./settings";
import { SettingsBar } from "./settings_bar";
import { useChartList } from "./use_chart_list";
import type { Changes } from "./use_curves";
import { useQueryState } from "../ui/query_state";

export interface ChartGridProps {
  project: ProjectName;
  /** Runs by identifier (`YOL-1`). */
  runs: readonly string[];
  /** Only metrics whose path begins with one of these; all without. */
  prefixes?: readonly string[];
  /** Metrics that are left out, by the beginning of their path. */
  without?: readonly string[];
}

const NOTHING: readonly string[] = [];
const NO_CHARTS: readonly ChartSpec[] = [];

/** Charts of runs, with their settings above; complete in itself. */
export function ChartGrid({ project, runs, prefixes = NOTHING, without = NOTHING }: ChartGridProps) {
  const { list, changes } = useChartList({ project, runs, newest: 1, groupBy: "" });
  const { values: search } = useQueryState();
  if (list.error && !list.value) return <Failed error={list.error} retry={list.reload} />;
  if (!list.value) return <Loading what="the charts" />;
  const isMeant = ({ path }: Metric) =>
    (!prefixes.length || prefixes.some((prefix) => path.startsWith(prefix))) &&
    !without.some((prefix) => path.startsWith(prefix));
  const metrics = list.value.series.filter(isMeant);
  if (!metrics.length) {
    return (
      <Empty title="No charts yet">
        They appear with the first number that is logged to a series, such as{" "}
        <code>run[&quot;loss&quot;].append(0.5)</code>.
      </Empty>
    );
  }
  return (
    <div class="charts">
      <SettingsBar />
      <Sections
        project={project}
        runs={list.value.runs}
        metrics={metrics}
        changes={changes}
        grouped={false}
        typed={search.get("metric") ?? ""}
      />
    </div>
  );
}

export interface SectionsProps {
  project: ProjectName;
  runs: readonly ChartRun[];
  metrics: readonly Metric[];
  changes: Changes;
  grouped: boolean;
  /** What metrics are searched by. */
  typed: string;
  custom?: readonly ChartSpec[];
  pins?: ReadonlySet<string>;
  onPin?: (key: string) => void;
  /** Take away one of the own charts, by title. */
  onRemove?: (title: string) => void;
}

/** Sections of charts: pinned ones, those that somebody made, then one for each namespace. */
export function Sections({
  project,
  runs,
  metrics,
  changes,
  grouped,
  typed,
  custom = NO_CHARTS,
  pins,
  onPin,
  onRemove,
}: SectionsProps) {
  const { values: search } = useQueryState();
  // the same object as long as it says the same: charts are drawn anew for another one, and not for a zoom elsewhere
  const chosen = JSON.stringify(readSettings(search));
  const settings = useMemo(() => JSON.parse(chosen) as ChartSettings, [chosen]);
  const charts = useMemo(() => chartsOf(metrics), [metrics]);
  const found = [...custom, ...charts].filter((chart) => matches(chart, typed));
  const pinned = found.filter((chart) => pins?.has(chart.key));
  const sections = new Map<string, ChartSpec[]>(pinned.length ? [["Pinned", pinned]] : []);
  for (const [name, members] of byNamespace(found.filter((chart) => !pins?.has(chart.key))))
    sections.set(name, members);
  const onlyMonitoring = found.every((chart) => chart.namespace.startsWith("monitoring"));
  if (!found.length)
    return <Empty title="No metric of that name">Search for a part of its path, such as “loss”.</Empty>;
  return (
    <>
      {[...sections].map(([name, members]) => (
        <Section key={name} name={name} count={members.length} open={onlyMonitoring || !name.startsWith("monitoring")}>
          {members.map((chart) => (
            <Chart
              key={chart.key}
              project={project}
              chart={chart}
              runs={runs}
              grouped={grouped}
              settings={settings}
              changes={changes}
              pinned={pins?.has(chart.key) ?? false}
              {...(onPin
                ? {
                    onPin: () => {
                      onPin(chart.key);
                    },
                  }
                : {})}
              {...(onRemove && chart.namespace === CUSTOM_NAMESPACE
                ? {
                    onRemove: () => {
                      onRemove(chart.title);
                    },
                  }
                : {})}
            />
          ))}
        </Section>
      ))}
    </>
  );
}

interface SectionProps {
  name: string;
  count: number;
  open: boolean;
  children: preact.ComponentChildren;
}

function Section({ name, count, open: first, children }: SectionProps) {
  const [open, setOpen] = useState(first);
  return (
    <details
      class="charts-section"
      open={open}
      onToggle={(event) => {
        if (event.target === event.currentTarget) setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <h2>{name}</h2> <span class="charts-count">{formatPlural(count, "chart")}</span>
      </summary>
      {open ? <div class="charts-grid">{children}</div> : null}
    </details>
  );
}
