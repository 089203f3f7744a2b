/** One chart: lines of several runs, legend, data table, and what can be done with it. */
import { signal } from "@preact/signals";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { ProjectName } from "../api/series";
import { colourOf, isDark } from "../ui/colours";
import { formatCount, formatNumber, formatPlural } from "../ui/format";
import { DataTable } from "./data_table";
import { type ChartRun, type Line, linesOf } from "./lines";
import type { ChartSpec } from "./metrics";
import { AXIS_LABELS, highlight, makePlot, xText } from "./plot";
import { saveCsv, savePng } from "./saving";
import type { ChartSettings } from "./settings";
import { type Changes, useCurves } from "./use_curves";
import { useInView, useThemeTurn, useWidth } from "./use_element";

/** The run or group that stands out in all charts of the page. */
export const lit = signal<string | null>(null);

export interface ChartProps {
  project: ProjectName;
  chart: ChartSpec;
  runs: readonly ChartRun[];
  grouped: boolean;
  settings: ChartSettings;
  changes: Changes;
  pinned?: boolean;
  onPin?: () => void;
  onRemove?: () => void;
}

const HEIGHT = 220;
const LARGE_HEIGHT = 460;

export function Chart({ project, chart, runs, grouped, settings, changes, pinned, onPin, onRemove }: ChartProps) {
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const [large, setLarge] = useState(false);
  const [place, setPlace] = useState("");
  const frame = useRef<HTMLElement>(null);
  const target = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const plotRef = useRef<uPlot | null>(null);
  const titleId = useId();
  const active = useInView(frame);
  const width = useWidth(target);
  const theme = useThemeTurn();
  useEffect(() => {
    setZoom(null);
  }, [settings.x]);
  const sysIds = useMemo(() => runs.map((run) => run.sys_id), [runs]);
  const bins = Math.max(50, Math.round(width / (zoom ? 1 : 2) / 50) * 50);
  const wanted = { project, runs: sysIds, paths: chart.paths, x: settings.x, zoom, bins, changes };
  const { curves, error, loading, retry } = useCurves({ ...wanted, active: active && width > 0 });
  const lines = useMemo(() => linesOf(curves, runs, settings, grouped), [curves, runs, settings, grouped]);

  useEffect(() => {
    const element = target.current;
    if (!element || !active || !width || !lines.length) return undefined;
    const height = large ? LARGE_HEIGHT : HEIGHT;
    const options = { lines, settings, zoom, width, height, syncKey: `charts ${settings.x}` };
    const made = makePlot(element, options, {
      onZoom: setZoom,
      onCursor: (at, values) => {
        writeLegend(legend.current, values);
        setPlace(at === null ? "" : xText(at, settings));
      },
    });
    plotRef.current = made;
    if (lit.value !== null) highlight(made, lines, lit.value);
    const stop = lit.subscribe((owner) => {
      if (plotRef.current === made) highlight(made, lines, owner);
    });
    return () => {
      stop();
      plotRef.current = null;
      made.destroy();
    };
  }, [lines, settings, zoom, width, large, active, theme]);

  const shown = curves.reduce((count, curve) => count + curve.steps.length, 0);
  const total = curves.reduce((count, curve) => count + (zoom ? curve.inRange : curve.total), 0);
  return (
    <section ref={frame} class={large ? "chart chart-large" : "chart"} aria-labelledby={titleId} aria-busy={loading}>
      <header class="chart-head">
        <h3 id={titleId} title={chart.paths.join(", ")}>
          {chart.title}
        </h3>
        {zoom ? (
          <button
            type="button"
            class="chart-tool"
            onClick={() => {
              setZoom(null);
            }}
          >
            Whole range
          </button>
        ) : null}
        {onPin ? (
          <button
            type="button"
            class="chart-tool"
            aria-pressed={pinned ?? false}
            title="Pinned charts stand first"
            onClick={onPin}
          >
            {pinned ? "Unpin" : "Pin"}
          </button>
        ) : null}
        {onRemove ? (
          <button type="button" class="chart-tool" title="Remove this chart for everybody" onClick={onRemove}>
            Remove
          </button>
        ) : null}
        <button
          type="button"
          class="chart-tool"
          aria-pressed={large}
          onClick={() => {
            setLarge(!large);
          }}
        >
          {large ? "Smaller" : "Larger"}
        </button>
        <button
          type="button"
          class="chart-tool"
          disabled={!lines.length}
          onClick={() => {
            if (plotRef.current) savePng(plotRef.current.ctx.canvas, chart.title, lines, isDark());
          }}
        >
          PNG
        </button>
        <CsvButton project={project} runs={sysIds} chart={chart} />
      </header>
      <div ref={target} class="chart-plot" style={{ minHeight: `${large ? LARGE_HEIGHT : HEIGHT}px` }}>
        {error ? (
          <p class="chart-note" role="alert">
            {error.message}{" "}
            <button type="button" onClick={retry}>
              Try again
            </button>
          </p>
        ) : !lines.length ? (
          <p class="chart-note">
            {loading || !active ? "Loading …" : zoom ? "No points in this range." : "No points yet."}
          </p>
        ) : null}
      </div>
      <p class="chart-foot">
        <span
          {...(shown < total
            ? {
                title:
                  "Of each small part of the range, the smallest and the largest value are shown. Zoom in for all.",
              }
            : {})}
        >
          {shown < total ? `${formatCount(shown)} of ${formatCount(total)} points` : formatPlural(total, "point")}
        </span>
        <span>{place ? `${AXIS_LABELS[settings.x]} ${place}` : AXIS_LABELS[settings.x]}</span>
      </p>
      <Legend list={legend} lines={lines} />
      <DataTable title={chart.title} lines={lines} settings={settings} />
    </section>
  );
}

function CsvButton({ project, runs, chart }: { project: ProjectName; runs: readonly string[]; chart: ChartSpec }) {
  const [problem, setProblem] = useState("");
  return (
    <button
      type="button"
      class="chart-tool"
      title={problem || "All points, not only those shown"}
      aria-label={problem ? `CSV: ${problem}` : "CSV"}
      onClick={() => {
        setProblem("");
        saveCsv(project, runs, chart.paths, chart.title).catch((error: unknown) => {
          setProblem(error instanceof Error ? error.message : String(error));
        });
      }}
    >
      {problem ? "CSV failed" : "CSV"}
    </button>
  );
}

function Legend({ list, lines }: { list: { current: HTMLUListElement | null }; lines: readonly Line[] }) {
  return (
    <ul ref={list} class="chart-legend">
      {lines.map((line) => (
        <li key={line.key}>
          <button
            type="button"
            class="chart-key"
            style={{ opacity: line.faint ? 0.7 : 1 }}
            onMouseEnter={() => {
              lit.value = line.owner;
            }}
            onMouseLeave={() => {
              lit.value = null;
            }}
            onFocus={() => {
              lit.value = line.owner;
            }}
            onBlur={() => {
              lit.value = null;
            }}
          >
            <span class="chart-swatch" style={{ background: colourOf(line.owner) }} aria-hidden="true" />
            {line.label}
          </button>
          <output class="chart-value">{lastOf(line)}</output>
        </li>
      ))}
    </ul>
  );
}

function lastOf(line: Line): string {
  const last = line.y[line.y.length - 1];
  return last === undefined || !Number.isFinite(last) ? "–" : formatNumber(last);
}

/** Write the values under the crosshair; done without rendering, since it follows the pointer. */
function writeLegend(list: HTMLUListElement | null, values: readonly (number | null)[]): void {
  list?.querySelectorAll("output").forEach((output, index) => {
    const value = values[index];
    if (value === null || value === undefined) output.removeAttribute("data-at");
    else output.setAttribute("data-at", formatNumber(value));
  });
}
