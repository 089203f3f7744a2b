/** Charts of several runs of a project. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { useMayWrite } from "../app/rights";
import { dashesAmong } from "../ui/colours";
import { Empty, Failed, Loading } from "../ui/states";
import { lit } from "./chart";
import { Sections } from "./chart_grid";
import { customCharts, withChart, withoutChart, withPin } from "./chart_view";
import "./charts.css";
import { GroupBy } from "./group_by";
import { groupOf } from "./lines";
import { NewChart } from "./new_chart";
import { SettingsBar } from "./settings_bar";
import { Typed } from "./typed";
import { type ChartList, useChartList } from "./use_chart_list";
import { Swatch } from "./swatch";
import { useChartView } from "./use_chart_view";
import { useQueryState } from "../ui/query_state";

const NEWEST = 10;

export default function ChartsPage({ params }: { params: Record<string, string> }) {
  const project = { workspace: params.workspace ?? "", project: params.project ?? "" };
  const { values: search, set: change } = useQueryState();
  const chosen = (search.get("runs") ?? "").split(",").filter(Boolean);
  const groupBy = search.get("group") ?? "";
  const { list, changes, states } = useChartList({ project, runs: chosen, newest: NEWEST, groupBy });
  const { view, problem, save } = useChartView(project);
  const mayEdit = useMayWrite();
  const [making, setMaking] = useState(false);
  const found = list.value;
  const home = `/${encodeURIComponent(project.workspace)}/${encodeURIComponent(project.project)}`;
  if (list.error && !found) return <Failed error={list.error} retry={list.reload} />;
  if (!found) return <Loading what="the charts" />;
  return (
    <div class="charts">
      <h1 class="visually-hidden">
        Charts of {project.workspace}/{project.project}
      </h1>
      <div class="charts-bar">
        <Typed
          label="Search metrics"
          value={search.get("metric") ?? ""}
          onChange={(metric) => {
            change({ metric: metric || null });
          }}
        />
        <GroupBy
          project={project}
          value={groupBy}
          onChange={(group) => {
            change({ group: group || null });
          }}
        />
        {mayEdit ? (
          <button
            type="button"
            onClick={() => {
              setMaking(true);
            }}
          >
            New chart
          </button>
        ) : null}
        {problem ? (
          <span role="alert" class="charts-problem">
            {problem}
          </span>
        ) : null}
      </div>
      {making ? (
        <NewChart
          metrics={found.series}
          onMake={(title, paths) => {
            save(withChart(view, title, paths));
          }}
          onClose={() => {
            setMaking(false);
          }}
        />
      ) : null}
      <SettingsBar />
      <RunChoice
        list={found}
        grouped={groupBy !== ""}
        states={states}
        chosen={chosen}
        home={home}
        onChange={(runs) => {
          change({ runs: runs.join(",") || null });
        }}
      />
      {found.runs.length === 0 ? (
        <Empty title={chosen.length ? "None of these runs is there" : "No runs yet"}>
          {chosen.length ? (
            <Link href={home}>Choose runs from the table</Link>
          ) : (
            "Start a training; its charts appear here by themselves."
          )}
        </Empty>
      ) : found.series.length === 0 ? (
        <Empty title="No charts yet">
          These runs have logged no numbers over steps so far. Charts appear by themselves.
        </Empty>
      ) : (
        <Sections
          project={project}
          runs={found.runs}
          metrics={found.series}
          changes={changes}
          grouped={groupBy !== ""}
          typed={search.get("metric") ?? ""}
          custom={customCharts(view)}
          pins={new Set(view.pinned)}
          {...(mayEdit
            ? {
                onPin: (key: string) => {
                  save(withPin(view, key));
                },
                onRemove: (title: string) => {
                  save(withoutChart(view, title));
                },
              }
            : {})}
        />
      )}
    </div>
  );
}

interface RunChoiceProps {
  list: ChartList;
  grouped: boolean;
  states: ReadonlyMap<string, string>;
  chosen: readonly string[];
  home: string;
  onChange: (runs: string[]) => void;
}

/** The runs that are drawn, as the legend of all charts: pointing at one lets it stand out. */
function RunChoice({ list, grouped, states, chosen, home, onChange }: RunChoiceProps) {
  const shown = list.runs.map((run) => run.sys_id);
  const ownerOf = (run: ChartList["runs"][number]) => (grouped ? groupOf(run) : run.sys_id);
  const dashes = dashesAmong(list.runs.map(ownerOf));
  const missing = chosen.filter((run) => !shown.includes(run));
  return (
    <div class="charts-runs">
      <ul aria-label="Runs that are drawn">
        {list.runs.map((run) => (
          <li
            key={run.sys_id}
            onMouseEnter={() => {
              lit.value = ownerOf(run);
            }}
            onMouseLeave={() => {
              lit.value = null;
            }}
          >
            <Swatch owner={ownerOf(run)} dashes={dashes.get(ownerOf(run)) ?? []} />
            <Link href={`${home}/e/${encodeURIComponent(run.sys_id)}`} title={run.name}>
              {run.sys_id} <span class="charts-name">{run.name}</span>
            </Link>
            {(states.get(run.sys_id) ?? run.state) === "running" ? <span class="charts-running">running</span> : null}
            <button
              type="button"
              class="chart-tool"
              aria-label={`Leave out ${run.sys_id}`}
              onClick={() => {
                lit.value = null;
                onChange(shown.filter((other) => other !== run.sys_id));
              }}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {missing.length ? <p role="status">Not there: {missing.join(", ")}.</p> : null}
      <AddRun
        onAdd={(run) => {
          if (!shown.includes(run)) onChange([...shown, run]);
        }}
      />
      {chosen.length ? (
        <button
          type="button"
          class="chart-tool"
          onClick={() => {
            onChange([]);
          }}
        >
          Newest {NEWEST} runs
        </button>
      ) : null}
      <Link href={home}>Choose from the table</Link>
    </div>
  );
}

function AddRun({ onAdd }: { onAdd: (run: string) => void }) {
  const [typed, setTyped] = useState("");
  return (
    <form
      class="charts-add"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) onAdd(typed.trim());
        setTyped("");
      }}
    >
      <input
        aria-label="Identifier of a run to add"
        placeholder="Add a run by its ID"
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </form>
  );
}
