/** One picture with the objects on it. */
import { classColour, isVisible, labelPlace, outlinePath, ringPath, STATUS_COLOURS } from "./drawing";
import type { ImagePredictions, Outline } from "./prediction_data";
import type { Picture, Shown, Status } from "./selection";
import { ZoomStage, type Zooming } from "./zoom_stage";

type AnyObject = Outline & { class: number; name: string; confidence?: number };

const SHORT: Record<Status, string> = { tp: "TP", fp: "FP", fn: "FN", found: "" };

export interface OverlayProps extends Zooming {
  image: ImagePredictions;
  /** Address of the picture; null if there is none. */
  source: string | null;
  picture: Picture;
  colourBy: "status" | "class";
  labels: boolean;
  /** Which object is pointed at: `t3` is the fourth true one, `p0` the first prediction. */
  marked: string | null;
  onMark: (mark: string | null) => void;
}

export const isTrue = (status: Status) => status === "fn" || status === "found";

export const markOf = (one: Shown<unknown>) => `${isTrue(one.status) ? "t" : "p"}${one.index}`;

/** What is read out of a picture: how many objects there are. */
function describe(image: ImagePredictions, picture: Picture): string {
  return `${image.name}: ${picture.truth.length} true objects and ${picture.predictions.length} predictions shown`;
}

export function Overlay(props: OverlayProps) {
  const { image, source, picture, marked } = props;
  const all: Shown<AnyObject>[] = [...picture.truth, ...picture.predictions];
  // What is pointed at comes last, and so on top.
  const ordered = [...all].sort((one, other) => Number(markOf(one) === marked) - Number(markOf(other) === marked));
  return (
    <ZoomStage name={image.name} width={image.width} height={image.height} zoom={props.zoom} onZoom={props.onZoom}>
      {source === null ? (
        <p class="yolo-missing">The picture could not be read in the training.</p>
      ) : (
        <img
          src={source}
          alt=""
          decoding="async"
          draggable={false}
          class={image.width < 320 || props.zoom.scale > 4 ? "yolo-small" : ""}
        />
      )}
      <svg viewBox={`0 0 ${image.width} ${image.height}`} role="img" aria-label={describe(image, picture)}>
        {ordered.map((one) => (
          <Drawn key={markOf(one)} one={one} {...props} />
        ))}
      </svg>
      {ordered.map((one) =>
        props.labels || markOf(one) === marked ? <Label key={markOf(one)} one={one} {...props} /> : null,
      )}
    </ZoomStage>
  );
}

function colourOfObject(one: Shown<AnyObject>, colourBy: OverlayProps["colourBy"]): string {
  return colourBy === "class" ? classColour(one.object.class) : STATUS_COLOURS[one.status];
}

function Drawn({ one, colourBy, marked, onMark }: OverlayProps & { one: Shown<AnyObject> }) {
  const { object, status } = one;
  const colour = colourOfObject(one, colourBy);
  const mark = markOf(one);
  const known = isTrue(status);
  return (
    <g
      class={mark === marked ? "yolo-object yolo-marked" : "yolo-object"}
      stroke={colour}
      fill="none"
      opacity={marked !== null && mark !== marked ? 0.35 : 1}
      onMouseEnter={() => {
        onMark(mark);
      }}
      onMouseLeave={() => {
        onMark(null);
      }}
    >
      {object.polygons?.length ? (
        <path
          d={object.polygons.map(ringPath).join("")}
          fill={colour}
          fill-opacity={known ? 0.12 : 0.3}
          fill-rule="evenodd"
          stroke-dasharray={known ? "2 3" : undefined}
        />
      ) : null}
      <path class="yolo-halo" d={outlinePath(object)} />
      <path d={outlinePath(object)} stroke-dasharray={known ? "7 4" : undefined} />
      {object.keypoints?.map(([x, y, visibility], number) =>
        isVisible(visibility, known) ? (
          <path key={number} class="yolo-keypoint" d={`M${x} ${y}h0`} stroke={known ? colour : classColour(number)} />
        ) : null,
      )}
    </g>
  );
}

function Label({ one, image, colourBy }: OverlayProps & { one: Shown<AnyObject> }) {
  const known = isTrue(one.status);
  const place = labelPlace(one.object.box, image.width, image.height, known);
  const confidence = one.object.confidence === undefined ? "" : ` ${one.object.confidence.toFixed(2)}`;
  return (
    <span
      aria-hidden="true"
      class={`yolo-label${place.inside ? " yolo-inside" : ""}${known ? " yolo-truth" : ""}`}
      style={{ ...place.style, "--colour": colourOfObject(one, colourBy) }}
    >
      {SHORT[one.status]} {one.object.name}
      {confidence}
    </span>
  );
}
