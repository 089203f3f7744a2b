/** Settings and a metric as parallel axes; what is brushed on them chooses runs. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { useThemeTurn } from "../charts/use_element";
import { isDark } from "../ui/colours";
import { formatNumber } from "../ui/format";
import { Empty, Loading } from "../ui/states";
import { useQueryState } from "../ui/query_state";
import { writeRuns } from "./address";
import { type Comparison, goalOf, splitPath, unitOf } from "./facts";
import { AxisChoice } from "./axis_choice";
import type { Axis, Chart, Drawing } from "./parallel_chart";
import { axisValues, type Brush, columnsOf, isVaried, mainMetric, pointsOf, readPaths, withinBrushes } from "./points";
import { PointTable } from "./point_table";
import { MAX_RUNS, type Project } from "./requests";
import { visibleShade } from "./scales";
import { Source, useDrawn, useSample } from "./source";

const DEFAULT_AXES = 5;

export function Parallel({ where, comparison }: { where: Project; comparison: Comparison | null }) {
  const state = useQueryState();
  const { sample, error: sampleError } = useSample(where, comparison);
  const columns = sample ? columnsOf(sample, true) : { settings: [], metrics: [] };
  const chosen = readPaths(state.get("axes"));
  const varied = new Set(sample?.rows.filter(isVaried).map((row) => row.path));
  const settings = chosen ?? columns.settings.filter((path) => varied.has(path)).slice(0, DEFAULT_AXES);
  const metric = state.get("metric") ?? mainMetric(columns.metrics);
  const paths = sample && metric !== undefined ? [...settings.filter((path) => path !== metric), metric] : [];
  const { drawn, error } = useDrawn(where, comparison, paths);
  const ready = drawn !== null && metric !== undefined && paths.length > 1;
  return (
    <>
      <Source count={drawn ? drawn.runs.length : null} error={sampleError ?? error} />
      <div class="compare-controls">
        <label>
          Against{" "}
          <select
            class="compare-column"
            value={metric ?? ""}
            onChange={(event) => {
              state.set({ metric: event.currentTarget.value });
            }}
          >
            {columns.metrics.map((path) => (
              <option key={path} value={path}>
                {path}
              </option>
            ))}
          </select>
        </label>
        <AxisChoice columns={columns} chosen={settings} />
      </div>
      {!drawn && !error && !sampleError && paths.length > 1 ? <Loading what="the values" /> : null}
      {sample && paths.length < 2 ? (
        <Empty title="Too few axes">
          {columns.metrics.length === 0
            ? "These runs have no metric. Choose other runs, or a query."
            : "No setting differs between these runs. Choose axes above, or more runs."}
        </Empty>
      ) : null}
      {ready ? <Drawn key={paths.join("\n")} where={where} drawn={drawn} paths={paths} /> : null}
    </>
  );
}

function Drawn({ where, drawn, paths }: { where: Project; drawn: Comparison; paths: readonly string[] }) {
  const state = useQueryState();
  const [brushes, setBrushes] = useState<ReadonlyMap<number, readonly Brush[]>>(new Map());
  const points = useMemo(() => pointsOf(drawn, paths, "best"), [drawn, paths]);
  const drawing = useMemo(() => drawingOf(points, paths), [points, paths]);
  const within = withinBrushes(drawing.lines, brushes).flatMap((at) => points[at] ?? []);
  const metric = paths[paths.length - 1] ?? "";
  const metrics = points.flatMap((point) => point.numbers[paths.length - 1] ?? []);
  return (
    <>
      <Canvas
        drawing={drawing}
        label={`Parallel coordinates of ${points.length} runs: ${paths.join(", ")}`}
        onBrush={(axis, ranges) => {
          setBrushes((before) => new Map(before).set(axis, ranges));
        }}
      />
      <div class="compare-controls">
        {metrics.length > 1 ? (
          <span class="compare-shades">
            {formatNumber(Math.min(...metrics))} <Shades /> {formatNumber(Math.max(...metrics))} {splitPath(metric)[1]}
            {goalOf(metric) === "min" ? " (less is better)" : ""}
          </span>
        ) : null}
        <span class="compare-note" role="status">
          {within.length === points.length
            ? "Drag along an axis to choose runs; click on it to choose all again."
            : `${within.length} of ${points.length} runs are chosen.`}
        </span>
        {within.length > 0 && within.length < points.length && within.length <= MAX_RUNS ? (
          <button
            type="button"
            onClick={() => {
              state.set({ runs: writeRuns(within.map((point) => point.run)), query: null });
            }}
          >
            Compare these
          </button>
        ) : null}
      </div>
      <PointTable where={where} points={within} paths={paths} caption="Chosen runs" />
    </>
  );
}

function Shades() {
  useThemeTurn();
  const dark = isDark();
  const colours = [0, 0.25, 0.5, 0.75, 1].map((share) => visibleShade(share, dark));
  const background = `linear-gradient(90deg, ${colours.join(", ")})`;
  return <span class="compare-shade" aria-hidden="true" style={{ background }} />;
}

interface CanvasProps {
  drawing: Drawing;
  label: string;
  onBrush: (axis: number, ranges: Brush[]) => void;
}

function Canvas({ drawing, label, onBrush }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Chart | null>(null);
  const tellRef = useRef(onBrush);
  const theme = useThemeTurn();
  useEffect(() => {
    tellRef.current = onBrush;
  });
  useEffect(() => {
    let started: Chart | null = null;
    let isOver = false;
    void import("./parallel_chart").then(({ startChart }) => {
      if (isOver || !place.current) return;
      started = startChart(place.current, (axis, ranges) => {
        tellRef.current(axis, ranges);
      });
      setChart(started);
    });
    return () => {
      isOver = true;
      started?.close();
    };
  }, []);
  useEffect(() => {
    chart?.draw(drawing);
  }, [chart, drawing, theme]);
  return <div ref={place} class="compare-parallel" role="img" aria-label={label} />;
}

function drawingOf(points: ReturnType<typeof pointsOf>, paths: readonly string[]): Drawing {
  const columns = paths.map((_, at) => axisValues(points, at));
  const axes = columns.map(({ categories, log }, at): Axis => {
    const path = paths[at] ?? "";
    const unit = unitOf(path);
    return { label: `${splitPath(path)[1]}${unit ? ` [${unit}]` : ""}`, categories, log };
  });
  const last = columns.at(-1)?.values ?? [];
  const known = last.filter((value): value is number => value !== null);
  const least = Math.min(...known);
  const span = Math.max(...known) - least || 1;
  return {
    axes,
    lines: points.map((_, at) => columns.map(({ values }) => values[at] ?? null)),
    shares: last.map((value) => (value === null ? null : (value - least) / span)),
  };
}
