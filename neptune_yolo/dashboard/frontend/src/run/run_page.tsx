/** One run: its head, and tabs that each have an address. */
import { lazy, Suspense } from "preact/compat";
import { useLocation } from "wouter-preact";

import { formatAgo } from "../ui/format";
import { Failed, Loading } from "../ui/states";
import { Tabs } from "../ui/tabs";
import { useTitle } from "../ui/title";
import { AttributesPanel } from "./attributes";
import { CheckpointsPanel } from "./checkpoints";
import { FilesPanel } from "./files";
import { LogsPanel } from "./logs";
import { EditButton } from "./edit_button";
import { Overview } from "./overview";
import { Copy } from "./parts";
import "./run.css";
import { runAddress, type RunPlace, type RunView } from "./run_data";
import { SourcePanel } from "./source";
import { statusOf } from "../ui/status";
import { StopButton } from "./stop_button";
import { type TabKey, TABS, tabOf } from "./tabs_data";
import { TrashButton } from "./trash_button";
import { useRun } from "./use_run";

const Charts = lazy(() => import("./run_charts"));
const Pictures = lazy(() => import("../yolo/run_pictures_page"));

const MONITORING = ["monitoring/"] as const;

export default function RunPage({ params }: { params: Record<string, string> }) {
  const place = { workspace: params.workspace ?? "", project: params.project ?? "", run: params.run ?? "" };
  const [, navigate] = useLocation();
  const loaded = useRun(place);
  const view = loaded.value?.place.run === place.run ? loaded.value : null;
  if (!view) {
    return loaded.error ? <Failed error={loaded.error} retry={loaded.reload} /> : <Loading what={`run ${place.run}`} />;
  }
  const current = tabOf(params["*"]);
  return (
    <div class="run">
      <RunHeader view={view} onChanged={loaded.reload} />
      {loaded.error ? (
        <p class="run-warning" role="alert">
          {loaded.error.message}
        </p>
      ) : null}
      <Tabs
        label={`Run ${place.run}`}
        tabs={TABS}
        current={current}
        onChange={(key) => {
          navigate(runAddress(place, key));
        }}
      >
        <Panel tab={current} view={view} params={params} />
      </Tabs>
    </div>
  );
}

function Panel({ tab, view, params }: { tab: TabKey; view: RunView; params: Record<string, string> }) {
  switch (tab) {
    case "overview":
      return <Overview view={view} />;
    case "charts":
      return (
        <Suspense fallback={<Loading what="charts" />}>
          <Charts key="charts" place={view.place} without={MONITORING} />
        </Suspense>
      );
    case "monitoring":
      return (
        <Suspense fallback={<Loading what="charts" />}>
          <Charts key="monitoring" place={view.place} prefixes={MONITORING} />
        </Suspense>
      );
    case "pictures":
      return (
        <Suspense fallback={<Loading what="pictures" />}>
          <Pictures params={params} />
        </Suspense>
      );
    case "attributes":
      return <AttributesPanel view={view} />;
    case "files":
      return <FilesPanel view={view} />;
    case "checkpoints":
      return <CheckpointsPanel view={view} />;
    case "logs":
      return <LogsPanel view={view} />;
    case "source":
      return <SourcePanel view={view} />;
  }
}

function RunHeader({ view, onChanged }: { view: RunView; onChanged: () => void }) {
  useTitle(`${view.place.run} ${view.head.name}`);
  const { head, place } = view;
  const status = statusOf({ ...view.head, status: view.attributes.text("training/status") ?? view.head.status });
  return (
    <header class="run-head">
      <div class="run-title">
        <h1>
          {place.run} <span class="run-name">{head.name}</span>
        </h1>
        <Copy text={place.run} what="identifier" />
        <span class={`run-status run-status-${status.tone}`}>{status.word}</span>
        {head.trashed ? <span class="run-status run-status-bad">in the trash</span> : null}
        <StopButton view={view} />
        <EditButton view={view} onChanged={onChanged} />
        <TrashButton view={view} onChanged={onChanged} />
      </div>
      <p class="run-sub">
        <Tags tags={head.tags} place={place} />
        <span class="run-muted">
          by {head.owner}, started {formatAgo(head.created_ms)}
        </span>
      </p>
    </header>
  );
}

function Tags({ tags, place }: { tags: readonly string[]; place: RunPlace }) {
  if (!tags.length) return null;
  return (
    <ul class="run-tags" aria-label={`Tags of ${place.run}`}>
      {tags.map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
    </ul>
  );
}
