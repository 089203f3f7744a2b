/** The switches of the predictions viewer. */
import { readNumber } from "../ui/query_state";
import { classColour, STATUS_COLOURS } from "./drawing";
import type { PredictionData, RecordedEpoch } from "./prediction_data";
import { hasShapeStatus, occurringClasses, STATUSES } from "./selection";
import { useSettled } from "./settled";
import { recordedConfidence, toggled, type View } from "./view";

interface ControlsProps {
  epochs: readonly RecordedEpoch[];
  epoch: RecordedEpoch;
  chooseEpoch: (key: string) => void;
  datas: readonly PredictionData[];
  view: View;
  change: (changes: Partial<View>, how?: "push" | "replace") => void;
}

export function PredictionControls({ epochs, epoch, chooseEpoch, datas, view, change }: ControlsProps) {
  const findsObjects = datas.some((data) =>
    data.images.some((image) => image.ground_truth.length + image.predictions.length > 0),
  );
  return (
    <div class="yolo-controls" role="group" aria-label="What is shown">
      <EpochSlider {...{ epochs, epoch, chooseEpoch }} />
      {findsObjects ? (
        <>
          <ConfidenceSlider least={recordedConfidence(datas)} view={view} />
          <StatusSwitches view={view} change={change} />
          <Appearance {...{ datas, view, change }} />
          <ClassSwitches {...{ datas, view, change }} />
        </>
      ) : null}
      <p class="yolo-hint">
        <kbd>←</kbd> <kbd>→</kbd> image, <kbd>,</kbd> <kbd>.</kbd> epoch, wheel: zoom
      </p>
    </div>
  );
}

function EpochSlider({ epochs, epoch, chooseEpoch }: Pick<ControlsProps, "epochs" | "epoch" | "chooseEpoch">) {
  const at = epochs.indexOf(epoch);
  return (
    <label class="yolo-slider">
      Validation of <b>{epoch.label}</b>
      <input
        type="range"
        min={0}
        max={epochs.length - 1}
        value={at}
        disabled={epochs.length < 2}
        aria-valuetext={epoch.label}
        onInput={(event) => {
          const key = epochs[Number(event.currentTarget.value)]?.key;
          if (key) chooseEpoch(key);
        }}
      />
    </label>
  );
}

type Part = Pick<ControlsProps, "view" | "change">;

function ConfidenceSlider({ least, view }: Pick<Part, "view"> & { least: number }) {
  const [moved, setMoved] = useSettled("conf");
  const value = moved === null ? view.confidence : readNumber(moved, least, 1, view.confidence);
  return (
    <label class="yolo-slider">
      Confidence from <b>{value.toFixed(2)}</b>
      <input
        type="range"
        min={least}
        max={1}
        step={0.01}
        value={value}
        onInput={(event) => {
          setMoved(event.currentTarget.value);
        }}
      />
    </label>
  );
}

function StatusSwitches({ view, change }: Part) {
  return (
    <fieldset class="yolo-switches">
      <legend>Objects</legend>
      {STATUSES.map(({ status, short, label }) => (
        <label key={status} title={label}>
          <input
            type="checkbox"
            checked={view.statuses.has(status)}
            onChange={() => {
              change({ statuses: toggled(view.statuses, status) });
            }}
          />
          <span
            class={status === "fn" || status === "found" ? "yolo-swatch yolo-dashed" : "yolo-swatch"}
            style={{ "--colour": STATUS_COLOURS[status] }}
          />
          {short} <span class="yolo-meaning">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Appearance({ datas, view, change }: Part & Pick<ControlsProps, "datas">) {
  return (
    <fieldset class="yolo-switches">
      <legend>Look</legend>
      <label>
        <input
          type="checkbox"
          checked={view.split}
          onChange={() => {
            change({ split: !view.split });
          }}
        />
        Truth beside
      </label>
      <label>
        <input
          type="checkbox"
          checked={view.labels}
          onChange={() => {
            change({ labels: !view.labels });
          }}
        />
        Labels
      </label>
      <label>
        <input
          type="checkbox"
          checked={view.colourBy === "class"}
          onChange={() => {
            change({ colourBy: view.colourBy === "class" ? "status" : "class" });
          }}
        />
        Colour by class
      </label>
      {hasShapeStatus(datas) ? (
        <label>
          <input
            type="checkbox"
            checked={view.by === "shape"}
            onChange={() => {
              change({ by: view.by === "shape" ? "box" : "shape" });
            }}
          />
          Judge by {datas[0]?.task === "pose" ? "keypoints" : "masks"}
        </label>
      ) : null}
    </fieldset>
  );
}

function ClassSwitches({ datas, view, change }: Part & Pick<ControlsProps, "datas">) {
  const classes = occurringClasses(datas);
  return (
    <fieldset class="yolo-switches yolo-classes">
      <legend>Classes</legend>
      <button
        type="button"
        disabled={!view.hidden.size}
        onClick={() => {
          change({ hidden: new Set() });
        }}
      >
        All
      </button>
      <button
        type="button"
        onClick={() => {
          change({ hidden: new Set(classes.map((one) => one.class)) });
        }}
      >
        None
      </button>
      {classes.map((one) => (
        <button
          type="button"
          key={one.class}
          class="yolo-chip"
          aria-pressed={!view.hidden.has(one.class)}
          onClick={() => {
            change({ hidden: toggled(view.hidden, one.class) });
          }}
        >
          {view.colourBy === "class" ? (
            <span class="yolo-swatch" style={{ "--colour": classColour(one.class) }} />
          ) : null}
          {one.name}
        </button>
      ))}
    </fieldset>
  );
}
