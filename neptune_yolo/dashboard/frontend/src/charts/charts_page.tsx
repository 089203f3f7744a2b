/** Charts of several runs of a project. */
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { colourOf } from "../ui/colours";
import { Empty, Failed, Loading } from "../ui/states";
import { lit } from "./chart";
import { Sections } from "./chart_grid";
import { customCharts, withChart, withoutChart, withPin } from "./chart_view";
import "./charts.css";
import { groupOf } from "./lines";
import { NewChart } from "./new_chart";
import { SettingsBar } from "./settings_bar";
import { type ChartList, useChartList } from "./use_chart_list";
import { useChartView } from "./use_chart_view";
import { useQueryState } from "../ui/query_state";

const NEWEST = 10;
const TYPING_MS = 250;

export default function ChartsPage({ params }: { params: Record<string, string> }) {
  const project = { workspace: params.workspace ?? "", project: params.project ?? "" };
  const { values: search, set: change } = useQueryState();
  const chosen = (search.get("runs") ?? "").split(",").filter(Boolean);
  const groupBy = search.get("group") ?? "";
  const { list, changes, states } = useChartList({ project, runs: chosen, newest: NEWEST, groupBy });
  const { view, problem, save } = useChartView(project);
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
        <Typed
          label="Group runs by"
          placeholder="parameters/lr0"
          value={groupBy}
          onChange={(group) => {
            change({ group: group || null });
          }}
        />
        <button
          type="button"
          onClick={() => {
            setMaking(true);
          }}
        >
          New chart
        </button>
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
          onPin={(key) => {
            save(withPin(view, key));
          }}
          onRemove={(title) => {
            save(withoutChart(view, title));
          }}
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
  const missing = chosen.filter((run) => !shown.includes(run));
  return (
    <div class="charts-runs">
      <ul aria-label="Runs that are drawn">
        {list.runs.map((run) => (
          <li
            key={run.sys_id}
            onMouseEnter={() => {
              lit.value = grouped ? groupOf(run) : run.sys_id;
            }}
            onMouseLeave={() => {
              lit.value = null;
            }}
          >
            <span
              class="chart-swatch"
              style={{ background: colourOf(grouped ? groupOf(run) : run.sys_id) }}
              aria-hidden="true"
            />
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
        placeholder="Add a run: YOL-7"
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </form>
  );
}

interface TypedProps {
  label: string;
  value: string;
  placeholder?: string;
  onChange: (value: string) => void;
}

/** A text that counts once somebody stops to type. */
function Typed({ label, value, placeholder = "", onChange }: TypedProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => {
      onChange(typed);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what was typed matters
  }, [typed]);
  return (
    <label>
      {label}{" "}
      <input
        type="search"
        value={typed}
        placeholder={placeholder}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </label>
  );
}
