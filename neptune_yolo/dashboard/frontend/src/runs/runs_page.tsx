/** The runs of a project: found, sorted, grouped, changed, selected. Its address says all that it shows. */
import { useCallback, useMemo, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";

import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { isText, keyText } from "./cells";
import type { ColumnActions } from "./column_head";
import { usualColumns } from "./columns";
import { Groups } from "./groups";
import "./runs.css";
import { attributeNames, changeRun, type Project, searchBody } from "./runs_api";
import { RunsTable } from "./runs_table";
import { SelectionBar } from "./selection_bar";
import { Toolbar } from "./toolbar";
import { nameOf, useRuns } from "./use_runs";
import { type Column, moved, nextSort, readView, type View, writeView } from "./view";

const METRICS = 300;

export type ChangeView = (change: Partial<View>, replace?: boolean) => void;

export default function RunsPage({ params }: { params: Record<string, string> }) {
  const { workspace = "", project: name = "" } = params;
  const project = useMemo(() => ({ workspace, project: name }), [workspace, name]);
  const metrics = useLoad(JSON.stringify(project), async (signal) =>
    (await attributeNames(project, "metrics/", METRICS, signal)).map(({ path }) => path),
  );
  if (metrics.error) return <Failed error={metrics.error} retry={metrics.reload} />;
  if (!metrics.value) return <Loading what="runs" />;
  return <RunsOf key={`${workspace}/${name}`} project={project} metrics={metrics.value} />;
}

function RunsOf({ project, metrics }: { project: Project; metrics: string[] }) {
  const query = useSearch();
  const [path, navigate] = useLocation();
  const view = useMemo(() => readView(query), [query]);
  const usual = useMemo(() => usualColumns(metrics), [metrics]);
  const columns = view.columns ?? usual;
  const [message, setMessage] = useState("");
  const runs = useRuns(project, searchBody(view, columns));
  const { reload } = runs;
  const change: ChangeView = useCallback(
    (changes, replace = false) => {
      const written = writeView({ ...readView(window.location.search), ...changes });
      navigate(written ? `${path}?${written}` : path, { replace });
    },
    [path, navigate],
  );

  const isGrouped = view.by.length > 0 && view.within.length === 0;
  const syntax = runs.error?.column ? runs.error : null;
  return (
    <div class="runs-page">
      <h1 class="visually-hidden">
        Runs of {project.workspace}/{project.project}
      </h1>
      <Toolbar {...{ project, view, columns, change, syntax }} total={runs.found?.total ?? null} />
      {view.within.length ? <Within view={view} change={change} /> : null}
      {view.selected.length ? (
        <SelectionBar
          project={project}
          selected={view.selected}
          isTrash={view.trash}
          onClear={() => {
            change({ selected: [] }, true);
          }}
          onDone={(said) => {
            setMessage(said);
            change({ selected: [] }, true);
            reload();
          }}
        />
      ) : null}
      <p class="runs-message" role="status">
        {message}
      </p>
      {isGrouped ? (
        <Groups
          {...{ project, view, columns }}
          onOpen={(within) => {
            change({ within });
          }}
        />
      ) : (
        <Table {...{ project, view, columns, change, runs }} />
      )}
    </div>
  );
}

interface TableProps {
  project: Project;
  view: View;
  columns: Column[];
  change: ChangeView;
  runs: ReturnType<typeof useRuns>;
}

function Table({ project, view, columns, change, runs }: TableProps) {
  const actions: ColumnActions = {
    sort: (clicked) => {
      const at = runs.found?.columns.indexOf(nameOf(clicked)) ?? -1;
      change({ sort: nextSort(view.sort, clicked, isText(runs.found?.types[at] ?? null)) });
    },
    change: (at, changes) => {
      change({ columns: columns.map((each, place) => (place === at ? { ...each, ...changes } : each)) }, true);
    },
    hide: (at) => {
      change({ columns: columns.filter((_, place) => place !== at) });
    },
    move: (from, to) => {
      change({ columns: moved(columns, from, to) });
    },
  };
  if (runs.error && !runs.error.column && !runs.found) return <Failed error={runs.error} retry={runs.reload} />;
  if (runs.error?.column) return <p class="state">Correct the query to see the runs that fit it.</p>;
  if (!runs.found) return <Loading what="runs" />;
  if (runs.found.total === 0 && !runs.isLoading) return <NoRuns project={project} view={view} />;
  return (
    <>
      {runs.error ? (
        <p class="runs-stale" role="alert">
          What you see may be old. {runs.error.message}
        </p>
      ) : null}
      <RunsTable
        {...{ project, runs, columns, actions }}
        sort={view.sort}
        searchKey={JSON.stringify([view.nql, view.search, view.trash, view.within, view.sort])}
        selected={new Set(view.selected)}
        onSelect={(sysIds, isSelected) => {
          const others = view.selected.filter((id) => !sysIds.includes(id));
          change({ selected: isSelected ? [...others, ...sysIds] : others }, true);
        }}
        onChange={async (sysId, changes) => {
          await changeRun(project, sysId, changes);
          runs.reload();
        }}
      />
    </>
  );
}

function NoRuns({ project, view }: { project: Project; view: View }) {
  if (view.nql || view.search || view.within.length) {
    return <Empty title="No run fits">Change the query or the search, or take them away.</Empty>;
  }
  if (view.trash)
    return <Empty title="The trash is empty">Runs that you move to the trash can be restored here.</Empty>;
  return (
    <Empty title="No runs yet">
      <p>Train something, and it appears here by itself:</p>
      <pre>
        {`import os
os.environ["NEPTUNE_PROJECT"] = "${project.workspace}/${project.project}"

from ultralytics import YOLO
from neptune_yolo import NeptuneDetectionTrainer

model = YOLO("yolo11n.pt")
model.train(
    data="coco8.yaml",
    epochs=10,
    trainer=NeptuneDetectionTrainer,
)`}
      </pre>
    </Empty>
  );
}

function Within({ view, change }: { view: View; change: ChangeView }) {
  return (
    <p class="runs-within">
      Group:{" "}
      {view.within.map(({ path, value }) => (
        <span key={path} class="runs-tag">
          {path} = {keyText(value, path, null)}
        </span>
      ))}
      <button
        type="button"
        onClick={() => {
          change({ within: [] });
        }}
      >
        {view.by.length ? "Back to all groups" : "Leave the group"}
      </button>
    </p>
  );
}
