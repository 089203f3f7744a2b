/** A matrix of many classes: only what is in its window is drawn, at one of several sizes. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { useThemeTurn, useWidth } from "../charts/use_element";
import { moved, type Measure } from "./confusion";
import { paint } from "./matrix_canvas";
import { CELL_SIZES, cellAt, FIRST_SIZE, MARGIN, resized, scrollTo } from "./matrix_view";

interface LargeMatrixProps {
  title: string;
  names: readonly string[];
  cells: readonly (readonly (number | null)[])[];
  most: number;
  measure: Measure;
  isDifference: boolean;
  at: readonly [number, number];
  onAt: (at: readonly [number, number]) => void;
}

const HEIGHT = 560;

export function LargeMatrix(props: LargeMatrixProps) {
  const { title, names, at, onAt } = props;
  const [size, setSize] = useState(FIRST_SIZE);
  const [scrolled, setScrolled] = useState({ left: 0, top: 0 });
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const theme = useThemeTurn();
  const cell = CELL_SIZES[size] ?? 14;
  useLayoutEffect(() => {
    if (canvas.current && width) paint(canvas.current, { ...props, ...scrolled, cell, width, height: HEIGHT });
  }, [props, scrolled, cell, width, theme]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const [row, column] = at;
    element.scrollTo(
      scrollTo(column, element.scrollLeft, element.clientWidth - MARGIN.left, cell),
      scrollTo(row, element.scrollTop, element.clientHeight - MARGIN.top, cell),
    );
  }, [at, cell]);
  const resize = (by: 1 | -1) => {
    setSize(resized(size, by));
  };
  return (
    <>
      <div class="yolo-matrix-tools">
        <button
          type="button"
          aria-label="Smaller cells"
          disabled={size === 0}
          onClick={() => {
            resize(-1);
          }}
        >
          −
        </button>
        <button
          type="button"
          aria-label="Larger cells"
          disabled={size === CELL_SIZES.length - 1}
          onClick={() => {
            resize(1);
          }}
        >
          +
        </button>
        <span class="yolo-note">rows: predicted, columns: true; {names.length} of each</span>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- as a grid, too large for cells */}
      <div
        ref={box}
        class="yolo-large"
        style={{ height: `${HEIGHT}px` }}
        role="group"
        aria-label={`Confusion matrix, ${title}: arrow keys move, plus and minus change the size`}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- moved by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollLeft: left, scrollTop: top } }) => {
          setScrolled({ left, top });
        }}
        onKeyDown={(event) => {
          const by = { "+": 1, "=": 1, "-": -1 }[event.key] as 1 | -1 | undefined;
          const to = moved(event.key, at, names.length);
          if (by) resize(by);
          else if (to) onAt(to);
          else return;
          event.preventDefault();
        }}
        onPointerMove={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect();
          const place = { x: event.clientX - left, y: event.clientY - top };
          const to = cellAt(place, scrolled, cell, names.length);
          if (to && (to[0] !== at[0] || to[1] !== at[1])) onAt(to);
        }}
      >
        <canvas ref={canvas} class="yolo-large-canvas" style={{ width: `${width}px`, height: `${HEIGHT}px` }} />
        <div
          style={{
            width: `${MARGIN.left + names.length * cell}px`,
            height: `${MARGIN.top + names.length * cell - HEIGHT}px`,
          }}
        />
      </div>
    </>
  );
}
