/** Validation pictures with what was predicted and what is true, over epochs and beside another run. */
import { useEffect, useState } from "preact/hooks";

import { colourOf } from "../ui/colours";
import { Empty, Failed, Loading } from "../ui/states";
import { placeKey, type RunPlace } from "./data";
import { ImageList } from "./image_list";
import { ObjectTable, type ObjectTableProps } from "./object_table";
import { fittingEpoch, samePicture, withRecordsFirst, type RecordedEpoch } from "./prediction_data";
import { PredictionControls } from "./prediction_controls";
import { PredictionPanels } from "./prediction_panels";
import { useQueryState } from "../ui/query_state";
import { neighbour } from "./selection";
import { ClassificationResult, DepthTable, SemanticTable } from "./task_results";
import { useEpochs, useRecorded, type LoadedEpoch, type Recorded } from "./use_predictions";
import { readView, viewChanges, type View } from "./view";
import { useZoom } from "./zoom_state";
import "./yolo.css";

/** `places` are one run, or several that are compared. */
export function PredictionsViewer({ places }: { places: readonly RunPlace[] }) {
  const found = useRecorded(places);
  if (found.error && !found.recorded) return <Failed error={found.error} retry={found.reload} />;
  if (!found.recorded) return <Loading what="the predictions" />;
  const recorded = withRecordsFirst(found.recorded);
  const [first] = recorded;
  if (!first?.epochs.length) return <NoPredictions isOneRun={places.length === 1} />;
  return <Viewer recorded={recorded} epochs={first.epochs} />;
}

function NoPredictions({ isOneRun }: { isOneRun: boolean }) {
  return (
    <Empty title={`No predictions are recorded in ${isOneRun ? "this run" : "these runs"}`}>
      <p>
        A training with a trainer of neptune_yolo records some validation images after the first epoch and then every
        few epochs. If it is still in its first epoch, they appear here by themselves; if it was told to record none,
        set the number of images of its prediction policy above zero.
      </p>
    </Empty>
  );
}

function Viewer({ recorded, epochs }: { recorded: readonly Recorded[]; epochs: readonly RecordedEpoch[] }) {
  const query = useQueryState();
  const wanted = query.get("epoch");
  const epoch = epochs.find((one) => one.key === wanted) ?? epochs.at(-1);
  const chosen = epoch
    ? recorded.flatMap((run, position) => {
        const its = position ? fittingEpoch(run.epochs, epoch.step) : epoch;
        return its ? [{ recorded: run, epoch: its }] : [];
      })
    : [];
  const loaded = useEpochs(chosen);
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value || !epoch) return <Loading what="the predictions" />;
  const missing = recorded.filter((run) => !chosen.some((one) => one.recorded === run));
  return (
    <>
      {missing.map((run) => (
        <p class="yolo-note" key={placeKey(run.place)}>
          {run.place.run} has no recorded predictions.
        </p>
      ))}
      <Loaded loaded={loaded.value} epochs={epochs} epoch={epoch} isLoading={loaded.state === "loading"} />
    </>
  );
}

interface LoadedProps {
  loaded: readonly LoadedEpoch[];
  epochs: readonly RecordedEpoch[];
  epoch: RecordedEpoch;
  isLoading: boolean;
}

function Loaded({ loaded, epochs, epoch, isLoading }: LoadedProps) {
  const query = useQueryState();
  const [marked, setMarked] = useState<string | null>(null);
  const { reset, ...zooming } = useZoom();
  const datas = loaded.map((one) => one.data);
  const view = readView(query.get, datas);
  const change = (changes: Partial<View>, how?: "push" | "replace") => {
    const isOther = changes.image !== undefined; // then the zoom is that of another picture
    if (isOther) reset();
    query.set({ ...viewChanges(changes), ...(isOther ? { zoom: null } : {}) }, how);
  };
  const chooseEpoch = (key: string) => {
    query.set({ epoch: key }, "replace");
  };
  const images = datas[0]?.images ?? [];
  const image = images.find((one) => one.index === view.image) ?? images[0];
  useKeys(
    (by) => {
      if (image) change({ image: neighbour(images, image.index, by) }, "replace");
    },
    (by) => {
      const next = epochs[epochs.indexOf(epoch) + by];
      if (next) chooseEpoch(next.key);
    },
  );
  if (!image) return <Empty title="No picture was recorded in this validation">Choose another epoch.</Empty>;
  const shown = loaded.map((one, position) => ({
    ...one,
    image: position ? samePicture(one.data, image) : image,
  }));
  return (
    <div class="yolo-viewer" aria-busy={isLoading}>
      <PredictionControls {...{ epochs, epoch, chooseEpoch, datas, view, change }} />
      <div class="yolo-columns">
        <ImageList
          {...{ images, view }}
          place={loaded[0]?.place}
          current={image.index}
          choose={(index) => {
            change({ image: index });
          }}
        />
        <PredictionPanels {...{ shown, view, marked }} {...zooming} onMark={setMarked} />
        <div class="yolo-tables">
          {shown.map((one) =>
            one.image ? (
              <section key={placeKey(one.place)}>
                {shown.length > 1 ? <h3 style={{ color: colourOf(one.place.run) }}>{one.place.run}</h3> : null}
                <Result
                  image={one.image}
                  view={view}
                  marked={marked}
                  onMark={setMarked}
                  prefix={`${placeKey(one.place)} `}
                />
              </section>
            ) : null,
          )}
        </div>
      </div>
    </div>
  );
}

/** What was found in a picture, in the form of its task. */
function Result(props: ObjectTableProps) {
  const { classification, semantic, depth } = props.image;
  if (classification) return <ClassificationResult result={classification} />;
  if (semantic) return <SemanticTable result={semantic} />;
  if (depth) return <DepthTable result={depth} />;
  return <ObjectTable {...props} />;
}

const FORMS = new Set(["INPUT", "SELECT", "TEXTAREA"]);

/** Left and right choose the image, comma and full stop the epoch. */
function useKeys(chooseImage: (by: 1 | -1) => void, chooseEpoch: (by: 1 | -1) => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target && (FORMS.has(target.tagName) || target.getAttribute("role") === "tab")) return;
      const moves: Record<string, () => void> = {
        ArrowRight: () => {
          chooseImage(1);
        },
        ArrowLeft: () => {
          chooseImage(-1);
        },
        ".": () => {
          chooseEpoch(1);
        },
        ",": () => {
          chooseEpoch(-1);
        },
      };
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      move();
    };
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("keydown", press);
    };
  });
}
