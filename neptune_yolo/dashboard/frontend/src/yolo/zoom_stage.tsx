/** A frame with a picture that can be enlarged and moved: by wheel, fingers, buttons and keys. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import { keyZoom, movedBy, placeOf, WHOLE, type Zoom, ZOOM_STEP, zoomedAt } from "./zoom";

export interface Zooming {
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
}

interface StageProps extends Zooming {
  /** Width over height of the picture. */
  width: number;
  height: number;
  name: string;
  children: ComponentChildren;
}

const WHEEL_PIXELS = 400;
const LINE_PIXELS = 16;

/** What lies in the frame is drawn anew at each size, so that lines and letters stay as they are. */
export function ZoomStage({ width, height, name, zoom, onZoom, children }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const fingers = useFingers(frame, { zoom, onZoom });
  const isWhole = zoom.scale <= 1;
  return (
    <div class="yolo-frame" style={{ "--width": width, "--height": height }}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons do the same */}
      <div
        ref={frame}
        class={isWhole ? "yolo-stage" : "yolo-stage yolo-enlarged"}
        style={{ aspectRatio: `${width} / ${height}` }}
        role="group"
        aria-label={`${name}, ${Math.round(zoom.scale * 100)} %`}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- moved by keys
        tabIndex={0}
        onWheel={(event) => {
          if (isWhole && event.deltaY > 0 && !event.ctrlKey) return; // the page scrolls on
          event.preventDefault();
          const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PIXELS : 1) * (event.ctrlKey ? 4 : 1);
          const [x, y] = placeIn(event.currentTarget, event);
          onZoom(zoomedAt(zoom, 2 ** (-pixels / WHEEL_PIXELS), x, y));
        }}
        onDblClick={(event) => {
          const [x, y] = placeIn(event.currentTarget, event);
          onZoom(isWhole ? zoomedAt(zoom, 3, x, y) : WHOLE);
        }}
        onKeyDown={(event) => {
          const next = event.ctrlKey || event.metaKey || event.altKey ? null : keyZoom(event.key, zoom);
          if (!next) return;
          event.preventDefault();
          onZoom(next);
        }}
        {...fingers}
      >
        <div class="yolo-zoomed" style={placeOf(zoom)}>
          {children}
        </div>
      </div>
      <div class="yolo-zoom-buttons" role="group" aria-label="Zoom">
        <button
          type="button"
          aria-label="Enlarge"
          title="Enlarge (+, or the wheel)"
          onClick={() => {
            onZoom(zoomedAt(zoom, ZOOM_STEP));
          }}
        >
          +
        </button>
        <button
          type="button"
          aria-label="Make smaller"
          title="Make smaller (-)"
          disabled={isWhole}
          onClick={() => {
            onZoom(zoomedAt(zoom, 1 / ZOOM_STEP));
          }}
        >
          −
        </button>
        <button
          type="button"
          aria-label="Show the whole picture"
          title="Show the whole picture (0)"
          disabled={isWhole}
          onClick={() => {
            onZoom(WHOLE);
          }}
        >
          {Math.round(zoom.scale * 100)} %
        </button>
      </div>
    </div>
  );
}

interface Spot {
  clientX: number;
  clientY: number;
}

/** Where something is in the frame, as shares of its width and height. */
function placeIn(frame: Element, { clientX, clientY }: Spot): [number, number] {
  const { left, top, width, height } = frame.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

/** One finger or the mouse moves an enlarged picture, two fingers also change its size. */
function useFingers(frame: { current: HTMLDivElement | null }, { zoom, onZoom }: Zooming) {
  const down = useRef(new Map<number, Spot>());
  const move = (event: PointerEvent) => {
    const element = frame.current;
    const before = down.current.get(event.pointerId);
    if (!element || !before) return;
    const { width, height } = element.getBoundingClientRect();
    const [first, second] = [...down.current.entries()].filter(([id]) => id !== event.pointerId);
    if (!first) {
      if (zoom.scale > 1)
        onZoom(movedBy(zoom, (event.clientX - before.clientX) / width, (event.clientY - before.clientY) / height));
    } else if (!second) {
      onZoom(pinched(element, zoom, first[1], before, event));
    }
    down.current.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
  };
  const lift = (event: PointerEvent) => {
    down.current.delete(event.pointerId);
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      down.current.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
      frame.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove: move,
    onPointerUp: lift,
    onPointerCancel: lift,
  };
}

/** The zoom after one of two fingers has moved: the middle of both keeps its point of the picture. */
function pinched(frame: Element, zoom: Zoom, still: Spot, from: Spot, to: Spot): Zoom {
  const apart = (one: Spot) => Math.hypot(one.clientX - still.clientX, one.clientY - still.clientY);
  const middle = (one: Spot) =>
    placeIn(frame, { clientX: (one.clientX + still.clientX) / 2, clientY: (one.clientY + still.clientY) / 2 });
  const [fromX, fromY] = middle(from);
  const [toX, toY] = middle(to);
  const larger = zoomedAt(zoom, apart(to) / Math.max(apart(from), 1), fromX, fromY);
  return movedBy(larger, toX - fromX, toY - fromY);
}
