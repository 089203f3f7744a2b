/** Any number of runs against any other, one point for each run. */
import { useLocation } from "wouter-preact";

import { colourOf } from "../ui/colours";
import { formatNumber } from "../ui/format";
import { Empty, Loading } from "../ui/states";
import { useQueryState } from "../ui/query_state";
import { type Comparison, type Figure, FIGURES, splitPath, unitOf } from "./facts";
import { columnsOf, type Point, pointsOf, usualAxes } from "./points";
import { PointTable } from "./point_table";
import { type Project, runLink } from "./requests";
import { correlation, scaleOf } from "./scales";
import { Source, useDrawn, useSample } from "./source";

const WIDTH = 860;
const HEIGHT = 400;
const LEFT = 74;
const BOTTOM = 56;
const TOP = 14;
const RIGHT = 18;

export function Scatter({ where, comparison }: { where: Project; comparison: Comparison | null }) {
  const state = useQueryState();
  const { sample, error: sampleError } = useSample(where, comparison);
  const columns = sample ? columnsOf(sample, false) : { settings: [], metrics: [] };
  const all = [...columns.settings, ...columns.metrics];
  const usual = sample ? usualAxes(sample, columns) : {};
  const x = state.get("x") ?? usual.x;
  const y = state.get("y") ?? usual.y;
  const figure = FIGURES.find((name) => name === state.get("figure")) ?? "best";
  const { drawn, error } = useDrawn(where, comparison, x !== undefined && y !== undefined ? [x, y] : []);
  const isQuery = state.get("query") !== null;
  const points = drawn && x !== undefined && y !== undefined ? pointsOf(drawn, [x, y], figure) : [];
  return (
    <>
      <Source count={drawn ? drawn.runs.length : null} error={sampleError ?? error} />
      <div class="compare-controls">
        <ColumnChoice label="Across" name="x" columns={columns} value={x} />
        <ColumnChoice label="Up" name="y" columns={columns} value={y} />
        <label>
          Of each series{" "}
          <select
            value={figure}
            onChange={(event) => {
              state.set({ figure: event.currentTarget.value });
            }}
          >
            {FIGURES.map((name: Figure) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <LogSwitch label="log across" name="xlog" />
        <LogSwitch label="log up" name="ylog" />
      </div>
      {!drawn && !error && !sampleError && !(sample && all.length === 0) ? <Loading what="the values" /> : null}
      {sample && all.length === 0 ? (
        <Empty title="No numbers">These runs have no numbers in common. Choose other runs, or another query.</Empty>
      ) : null}
      {drawn && x !== undefined && y !== undefined ? (
        <>
          <Plot
            where={where}
            points={points}
            x={x}
            y={y}
            logX={state.get("xlog") === "1"}
            logY={state.get("ylog") === "1"}
            coloured={!isQuery}
          />
          <PointTable where={where} points={points} paths={[x, y]} caption="The values of the chart" />
        </>
      ) : null}
    </>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  columns: { settings: string[]; metrics: string[] };
  value: string | undefined;
}

function ColumnChoice({ label, name, columns, value }: ChoiceProps) {
  const state = useQueryState();
  const known = [...columns.settings, ...columns.metrics];
  return (
    <label>
      {label}{" "}
      <select
        class="compare-column"
        value={value ?? ""}
        onChange={(event) => {
          state.set({ [name]: event.currentTarget.value });
        }}
      >
        {value !== undefined && !known.includes(value) ? <option value={value}>{value}</option> : null}
        <optgroup label="Settings">
          {columns.settings.map((path) => (
            <option key={path} value={path}>
              {path}
            </option>
          ))}
        </optgroup>
        <optgroup label="Metrics">
          {columns.metrics.map((path) => (
            <option key={path} value={path}>
              {path}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function LogSwitch({ label, name }: { label: string; name: string }) {
  const state = useQueryState();
  return (
    <label>
      <input
        type="checkbox"
        checked={state.get(name) === "1"}
        onChange={(event) => {
          state.set({ [name]: event.currentTarget.checked ? "1" : null });
        }}
      />
      {label}
    </label>
  );
}

interface PlotProps {
  where: Project;
  points: readonly Point[];
  x: string;
  y: string;
  logX: boolean;
  logY: boolean;
  coloured: boolean;
}

type Placed = Point & { at: readonly [number, number] };

function placeable(points: readonly Point[], logX: boolean, logY: boolean): Placed[] {
  return points.flatMap((point) => {
    const [across, up] = point.numbers;
    if (across === null || across === undefined || up === null || up === undefined) return [];
    return (logX && across <= 0) || (logY && up <= 0) ? [] : [{ ...point, at: [across, up] as const }];
  });
}

function Plot({ where, points, x, y, logX, logY, coloured }: PlotProps) {
  const [, go] = useLocation();
  const shown = placeable(points, logX, logY);
  const missing = points.length - shown.length;
  if (shown.length === 0)
    return (
      <Empty title="Nothing to draw">
        No run has a number in both columns{logX || logY ? " that is above 0" : ""}.
      </Empty>
    );
  const across = scaleOf(
    shown.map(({ at }) => at[0]),
    logX,
  );
  const up = scaleOf(
    shown.map(({ at }) => at[1]),
    logY,
  );
  const px = (value: number) => LEFT + across.place(value) * (WIDTH - LEFT - RIGHT);
  const py = (value: number) => HEIGHT - BOTTOM - up.place(value) * (HEIGHT - BOTTOM - TOP);
  const together = correlation(shown.map(({ at }) => [logX ? Math.log(at[0]) : at[0], logY ? Math.log(at[1]) : at[1]]));
  return (
    <figure class="compare-figure">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${y} against ${x}, ${shown.length} runs`}>
        {across.ticks.map((tick) => (
          <g key={tick} class="compare-tick">
            <line x1={px(tick)} x2={px(tick)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <text x={px(tick)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        {up.ticks.map((tick) => (
          <g key={tick} class="compare-tick">
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={py(tick)} y2={py(tick)} />
            <text x={LEFT - 8} y={py(tick) + 4} text-anchor="end">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        <text class="compare-axis" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 12} text-anchor="middle">
          {axisLabel(x)}
        </text>
        <text
          class="compare-axis"
          transform={`translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`}
          text-anchor="middle"
        >
          {axisLabel(y)}
        </text>
        {shown.map((point) => (
          <a
            key={point.run}
            href={runLink(where, point.run)}
            aria-label={`${point.run} ${point.name}: ${point.texts.join(", ")}`}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              go(runLink(where, point.run));
            }}
          >
            <circle
              class="compare-point"
              cx={px(point.at[0])}
              cy={py(point.at[1])}
              r={shown.length > 200 ? 4 : 6}
              style={{ fill: coloured ? colourOf(point.run) : "var(--accent)" }}
            >
              <title>{`${point.run} ${point.name}\n${x}: ${formatNumber(point.at[0], 6)}\n${y}: ${formatNumber(point.at[1], 6)}`}</title>
            </circle>
            {coloured && shown.length <= 20 ? (
              <text class="compare-label" x={px(point.at[0]) + 9} y={py(point.at[1]) + 4}>
                {point.run}
              </text>
            ) : null}
          </a>
        ))}
      </svg>
      <figcaption class="compare-note">
        {together === null ? "" : `Correlation (Pearson) ${formatNumber(together, 2)}. `}
        {missing
          ? `${missing} ${missing === 1 ? "run lacks" : "runs lack"} a number${logX || logY ? " above 0" : ""} here. `
          : ""}
        A point opens its run.
      </figcaption>
    </figure>
  );
}

function axisLabel(path: string): string {
  const unit = unitOf(path);
  return `${path.length > 60 ? splitPath(path)[1] : path}${unit ? ` [${unit}]` : ""}`;
}
