/** One chart: lines of several runs, legend, data table, and what can be done with it. */
import { signal } from "@preact/signals";
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { useSearch } from "wouter-preact";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { Curve, ProjectName } from "../api/series";
import { unitOf } from "../compare/facts";
import { isDark } from "../ui/colours";
import { formatCount, formatNumber, formatPlural } from "../ui/format";
import { DataTable } from "./data_table";
import { KEYS_HELP, moveCrosshair, showCrosshair, spoken } from "./keys";
import { zoomByKey } from "./key_moves";
import { type ChartRun, isLogAxis, type Line, linesOf } from "./lines";
import type { ChartSpec } from "./metrics";
import { AXIS_LABELS, highlight, makePlot, type Reading, xText } from "./plot";
import { saveCsv, savePng } from "./saving";
import type { ChartSettings } from "./settings";
import { type Changes, useCurves } from "./use_curves";
import { Swatch } from "./swatch";
import { useInView, useThemeTurn, useWidth } from "./use_element";
import { readZoom, type Zoom, writeZoom, zoomName } from "./zoom";
import { useQueryState } from "../ui/query_state";

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
  const { zoom, setZoom } = useZoom(chart.key);
  const [large, setLarge] = useState(false);
  const [place, setPlace] = useState("");
  const [said, setSaid] = useState("");
  const crosshairRef = useRef<number | null>(null);
  const byKeyRef = useRef(false);
  const frame = useRef<HTMLElement>(null);
  const target = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const plotRef = useRef<uPlot | null>(null);
  const titleId = useId();
  const active = useInView(frame);
  const width = useWidth(target);
  const theme = useThemeTurn();
  const sysIds = useMemo(() => runs.map((run) => run.sys_id), [runs]);
  const bins = Math.max(50, Math.round(width / (zoom ? 1 : 2) / 50) * 50);
  const wanted = { project, runs: sysIds, paths: chart.paths, x: settings.x, zoom, bins, changes };
  const isLog = isLogAxis(settings);
  const { curves, error, loading, retry } = useCurves({ ...wanted, isLog, active: active && width > 0 });
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const isWhole = useMemo(() => settings.x === "step" && areWhole(curves), [curves, settings]);
  const lines = useMemo(() => linesOf(curves, runs, settings, grouped), [curves, runs, settings, grouped]);

  useEffect(() => {
    const element = target.current;
    if (!element || !active || !width || !lines.length) return undefined;
    const height = large ? LARGE_HEIGHT : HEIGHT;
    const options = { lines, settings, zoom, width, height, syncKey: `charts ${settings.x}`, hidden };
    const made = makePlot(element, options, {
      onZoom: setZoom,
      onCursor: (point, readings) => {
        crosshairRef.current = point;
        const at = point !== null && isWhole ? Math.round(point) : point; // a mean stands in the middle of its steps
        writeLegend(legend.current, readings);
        setPlace(at === null ? "" : xText(at, settings));
        if (byKeyRef.current) setSaid(at === null ? "" : spoken(at, readings, options));
      },
    });
    plotRef.current = made;
    if (crosshairRef.current !== null) showCrosshair(made, crosshairRef.current);
    if (lit.value !== null) highlight(made, lines, lit.value);
    const stop = lit.subscribe((owner) => {
      if (plotRef.current === made) highlight(made, lines, owner);
    });
    return () => {
      stop();
      plotRef.current = null;
      made.destroy();
    };
  }, [lines, settings, zoom, setZoom, width, large, active, theme, hidden, isWhole]);

  const onKey = (event: KeyboardEvent) => {
    const plot = plotRef.current;
    if (!plot || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const { min, max } = plot.scales.x ?? {};
    const range = min == null || max == null ? undefined : zoomByKey(event.key, [min, max], crosshairRef.current);
    byKeyRef.current = true;
    if (range !== undefined) setZoom(range && withinAll(range, lines));
    else if (!moveCrosshair(plot, event.key, event.shiftKey)) return;
    byKeyRef.current = false;
    event.preventDefault();
  };
  const unit = unitOf(chart.paths[0] ?? "");
  const shown = curves.reduce((count, { steps, inRange }) => count + Math.min(steps.length, inRange), 0);
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
            const axis = AXIS_LABELS[settings.x];
            const drawn = lines.filter((line) => !hidden.has(line.key));
            if (plotRef.current) savePng(plotRef.current.ctx.canvas, chart.title, axis, drawn, isDark());
          }}
        >
          PNG
        </button>
        <CsvButton project={project} runs={sysIds} chart={chart} />
      </header>
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- keys
          move the crosshair, as they do in an application */}
      <div
        ref={target}
        class="chart-plot"
        style={{ minHeight: `${large ? LARGE_HEIGHT : HEIGHT}px` }}
        role="application"
        aria-roledescription="chart"
        aria-label={`${chart.title}. ${KEYS_HELP}`}
        tabIndex={0}
        onKeyDown={onKey}
        onBlur={() => {
          setSaid("");
        }}
      >
        {/* eslint-enable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
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
                  "Of each small part of the range, the line shows the mean, and the band behind it the smallest and " +
                  "the largest value. Zoom in for all points.",
              }
            : {})}
        >
          {shown < total ? `${formatCount(shown)} of ${formatCount(total)} points` : formatPlural(total, "point")}
        </span>
        {unit ? <span>in {unit}</span> : null}
        <span>{place ? `${AXIS_LABELS[settings.x]} ${place}` : AXIS_LABELS[settings.x]}</span>
      </p>
      <Legend
        list={legend}
        lines={lines}
        hidden={hidden}
        onToggle={({ key, owner }) => {
          lit.value = hidden.has(key) ? owner : null;
          setHidden(new Set(hidden.has(key) ? [...hidden].filter((one) => one !== key) : [...hidden, key]));
        }}
      />
      <DataTable title={chart.title} lines={lines} settings={settings} />
    </section>
  );
}

/** The range that is shown, kept in the address. */
function useZoom(key: string): { zoom: Zoom | null; setZoom: (range: Zoom | null) => void } {
  const { set } = useQueryState();
  const text = new URLSearchParams(useSearch()).get(zoomName(key));
  const zoom = useMemo(() => readZoom(text), [text]);
  const latestRef = useRef({ text, set });
  useEffect(() => {
    latestRef.current = { text, set };
  });
  const setZoom = useCallback(
    (range: Zoom | null) => {
      const written = range && writeZoom(range);
      if (written !== latestRef.current.text) latestRef.current.set({ [zoomName(key)]: written });
    },
    [key],
  );
  return { zoom, setZoom };
}

/** A range, or null if it holds all that the lines have. */
function withinAll([from, to]: Zoom, lines: readonly Line[]): Zoom | null {
  const first = Math.min(...lines.map((line) => line.x[0] ?? Infinity));
  const last = Math.max(...lines.map((line) => line.x[line.x.length - 1] ?? -Infinity));
  return from < first && to > last ? null : [from, to];
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

/** Whether all points stand at whole steps, such as epochs. */
function areWhole(curves: readonly Curve[]): boolean {
  return curves.every(({ steps }) => steps.every((step) => Number.isInteger(step)));
}

interface LegendProps {
  list: { current: HTMLUListElement | null };
  lines: readonly Line[];
  hidden: ReadonlySet<string>;
  onToggle: (line: Line) => void;
}

function Legend({ list, lines, hidden, onToggle }: LegendProps) {
  return (
    <ul ref={list} class="chart-legend">
      {lines.map((line) => (
        <li key={line.key}>
          <button
            type="button"
            class="chart-key"
            aria-pressed={!hidden.has(line.key)}
            title={`${line.label}: ${hidden.has(line.key) ? "show" : "hide"} it in this chart`}
            onClick={() => {
              onToggle(line);
            }}
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
            <Swatch owner={line.owner} dashes={line.dashes} />
            {line.label}
          </button>
          <output class="chart-value" aria-live="off">
            {lastOf(line)}
          </output>
        </li>
      ))}
    </ul>
  );
}

function lastOf(line: Line): string {
  return Number.isFinite(line.last) ? formatNumber(line.last) : "–";
}

/** Write the values under the crosshair; done without rendering, since it follows the pointer. */
function writeLegend(list: HTMLUListElement | null, readings: readonly Reading[]): void {
  list?.querySelectorAll("output").forEach((output, index) => {
    const value = readings[index]?.value ?? null;
    if (value === null) output.removeAttribute("data-at");
    else output.setAttribute("data-at", formatNumber(value));
  });
}
