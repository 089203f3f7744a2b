/** The pictures of the predictions viewer: of one or two runs, truth and predictions in one or in two. */
import { colourOf } from "../ui/colours";
import { fileAddress, placeKey } from "./data";
import { Overlay } from "./overlay";
import type { ImagePredictions } from "./prediction_data";
import { select } from "./selection";
import { MapOverlay } from "./task_results";
import type { LoadedEpoch } from "./use_predictions";
import type { View } from "./view";
import type { Zooming } from "./zoom_stage";
import { DepthPicture } from "./depth_picture";

export interface ShownRun extends LoadedEpoch {
  image: ImagePredictions | undefined;
}

interface PanelsProps extends Zooming {
  shown: readonly ShownRun[];
  view: View;
  marked: string | null;
  onMark: (mark: string | null) => void;
}

export function PredictionPanels({ shown, view, marked, onMark, ...zooming }: PanelsProps) {
  return (
    <div class="yolo-panels">
      {shown.map((run) => {
        const prefix = `${placeKey(run.place)} `;
        const mine = marked?.startsWith(prefix) ? marked.slice(prefix.length) : null;
        const mark = (name: string | null) => {
          onMark(name === null ? null : prefix + name);
        };
        return (
          <section key={prefix} class="yolo-run" aria-label={`${run.place.run}, ${run.epoch.label}`}>
            <h3>
              <span style={{ color: colourOf(run.place.run) }}>{run.place.run}</span>, {run.epoch.label}
            </h3>
            {run.image ? (
              <Panels {...{ run, view }} {...zooming} image={run.image} marked={mine} onMark={mark} />
            ) : (
              <p class="yolo-note">This run did not record the picture.</p>
            )}
          </section>
        );
      })}
    </div>
  );
}

interface PanelProps extends Zooming {
  run: ShownRun;
  image: ImagePredictions;
  view: View;
  marked: string | null;
  onMark: (mark: string | null) => void;
}

function Panels(props: PanelProps) {
  const { run, image, view, zoom, onZoom } = props;
  const source = image.picture_scale === undefined ? null : fileAddress(run.place, `predictions/images/${image.index}`);
  if (image.semantic) {
    return (
      <div class="yolo-pair">
        <MapOverlay
          map={image.semantic.ground_truth}
          source={source}
          label="True classes"
          hidden={!view.statuses.has("found")}
          {...{ zoom, onZoom }}
        />
        <MapOverlay
          map={image.semantic.prediction}
          source={source}
          label="Predicted classes"
          hidden={!view.statuses.has("tp")}
          {...{ zoom, onZoom }}
        />
      </div>
    );
  }
  if (image.depth) return <DepthPicture {...{ run, image, zoom, onZoom }} />;
  if (!view.split || image.classification) return <Objects {...props} source={source} only="both" />;
  return (
    <div class="yolo-pair">
      <figure class="yolo-panel">
        <figcaption>Ground truth</figcaption>
        <Objects {...props} source={source} only="truth" />
      </figure>
      <figure class="yolo-panel">
        <figcaption>Predictions</figcaption>
        <Objects {...props} source={source} only="predictions" />
      </figure>
    </div>
  );
}

function Objects({
  image,
  view,
  marked,
  onMark,
  source,
  only,
  zoom,
  onZoom,
}: PanelProps & { source: string | null; only: "both" | "truth" | "predictions" }) {
  const all = select(image, view);
  const picture = {
    truth: only === "predictions" ? [] : all.truth,
    predictions: only === "truth" ? [] : all.predictions,
  };
  return (
    <Overlay
      {...{ image, source, picture, marked, onMark, zoom, onZoom }}
      colourBy={view.colourBy}
      labels={view.labels}
    />
  );
}
