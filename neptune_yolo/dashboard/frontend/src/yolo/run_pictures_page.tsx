/** Everything that a training recorded in pictures and plots, of one run or of two side by side. */
import { Tabs } from "../ui/tabs";
import { ClassMetrics } from "./class_metrics";
import { ConfusionMatrices } from "./confusion_matrix";
import { Curves } from "./curves";
import type { RunPlace } from "./data";
import { OtherRun } from "./other_run";
import { PictureSeries } from "./picture_series";
import { PredictionsViewer } from "./predictions";
import { useQueryState } from "../ui/query_state";
import { RunGrid } from "./run_grid";
import "./yolo.css";

const VIEWS = [
  { key: "predictions", label: "Predictions" },
  { key: "curves", label: "Curves" },
  { key: "confusion", label: "Confusion matrix" },
  { key: "classes", label: "Classes over epochs" },
  { key: "series", label: "Picture series" },
  { key: "grid", label: "Runs by epochs" },
] as const;

const CONTENT = {
  predictions: PredictionsViewer,
  curves: Curves,
  confusion: ConfusionMatrices,
  classes: ClassMetrics,
  series: PictureSeries,
  grid: RunGrid,
} as const;

/** The views with their tabs, for pages that have a heading of their own. */
export function YoloViews({ places }: { places: readonly RunPlace[] }) {
  const query = useQueryState();
  const current = VIEWS.find((view) => view.key === query.get("view"))?.key ?? "predictions";
  const Content = CONTENT[current];
  return (
    <Tabs
      label="Pictures and plots"
      tabs={VIEWS}
      current={current}
      onChange={(view) => {
        query.set({ view: view === "predictions" ? null : view });
      }}
    >
      <Content places={places} />
    </Tabs>
  );
}

export default function RunPicturesPage({ params }: { params: Record<string, string> }) {
  const query = useQueryState();
  const place: RunPlace = { workspace: params.workspace ?? "", project: params.project ?? "", run: params.run ?? "" };
  // `with` may name several runs: each view shows all of them, the difference of confusion matrices two.
  const others = (query.get("with") ?? "").split(",").filter((run) => run && run !== place.run);
  const places = [place, ...others.map((run) => ({ ...place, run }))];
  return (
    <>
      <OtherRun place={place} others={others} />
      <YoloViews places={places} />
    </>
  );
}
