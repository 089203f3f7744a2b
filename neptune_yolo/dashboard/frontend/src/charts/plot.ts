/** A chart on uPlot: how lines become a picture. */
import uPlot from "uplot";

import { isDark, paintOf } from "../ui/colours";
import { formatDuration, formatMoment, formatNumber } from "../ui/format";
import { behindOf, columnsOf, heightOf, isLogAxis, type Line, tableOf } from "./lines";
import type { ChartSettings } from "./settings";

const FAINT_ALPHA = "80";
const BEHIND_ALPHA = "38";
/** Bands of many lines lie upon each other: then each is fainter. */
const MANY_BEHIND_ALPHA = "1c";
const MANY = 6;

/** Distances between ticks of relative time, in seconds. */
const DURATIONS = [
  0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
  172800, 432000, 864000,
];
/** Steps in view from which on ticks are whole numbers. */
const FEWEST_WHOLE = 4;
/** From here on, numbers beside an axis are written as 2.5e6. */
const LARGE = 1e6;
const AXIS_FONT = "11px system-ui, sans-serif";

export interface PlotEvents {
  /** The crosshair stands next to a point, at its place on the axis; values are those of the lines next to it. */
  onCursor: (place: number | null, values: Reading[]) => void;
  /** A range was chosen with the pointer; null for all again. */
  onZoom: (range: [number, number] | null) => void;
}

/** What a line says at the crosshair; `range` is what its points lie between. */
export interface Reading {
  value: number | null;
  range: [number, number] | null;
}

export interface PlotOptions {
  lines: readonly Line[];
  settings: ChartSettings;
  zoom: [number, number] | null;
  width: number;
  height: number;
  /** Charts with the same key have one crosshair. */
  syncKey: string;
  /** Keys of the lines that are not drawn. */
  hidden: ReadonlySet<string>;
}

export function makePlot(target: HTMLElement, options: PlotOptions, events: PlotEvents): uPlot {
  const { lines, settings, zoom, hidden } = options;
  const drawn = lines.filter((line) => !hidden.has(line.key));
  const dark = isDark();
  const style = getComputedStyle(document.documentElement);
  const muted = dark ? "#9aa4b0" : "#59636e";
  const rule = dark ? "#2a3038" : "#e6e9ed";
  const columns = columnsOf(lines);
  const alpha = lines.length > MANY ? MANY_BEHIND_ALPHA : BEHIND_ALPHA;
  const axis: uPlot.Axis = {
    stroke: muted,
    font: style.fontFamily ? AXIS_FONT : "11px sans-serif",
    ticks: { stroke: rule, width: 1 },
    grid: { stroke: rule, width: 1 },
  };
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      legend: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: {
          time: settings.x === "absolute",
          distr: scaleOf(isLogAxis(settings)),
          ...(zoom ? { range: zoom } : isLogAxis(settings) ? { range: exactRange } : {}),
        },
        y: {
          distr: scaleOf(settings.yLog),
          range: (_plot, low, high) => heightRange(drawn, settings, zoom, low, high),
        },
      },
      axes: [
        {
          ...axis,
          size: settings.x === "absolute" ? 44 : 30,
          space: 60,
          ...(settings.x === "relative" ? { incrs: DURATIONS } : {}),
          ...(settings.x === "step" ? { incrs: (_plot, _axis, low, high) => stepDistances(high - low) } : {}),
          ...(settings.x === "absolute"
            ? { values: (_plot, ticks, _axis, _space, distance) => timeTicks(ticks, distance) }
            : {
                values: (_plot, ticks) =>
                  ticks.map((tick: number | null) => (tick === null ? "" : xText(tick, settings))),
              }),
        },
        {
          ...axis,
          size: ySize,
          values: (_plot, ticks) => ticks.map((tick) => formatTick(tick)),
        },
      ],
      series: [
        {},
        ...lines.flatMap((line) => behindSeries(line, dark).map((one) => ({ ...one, show: !hidden.has(line.key) }))),
        ...lines.map((line) => ({ ...ownSeries(line, dark), show: !hidden.has(line.key) })),
      ],
      bands: lines.flatMap((line, index) => bandOf(line, columns[index]?.behind ?? [], alpha, dark)),
      focus: { alpha: 0.2 },
      cursor: {
        sync: {
          key: options.syncKey,
          scales: ["x", null],
          setSeries: false,
          filters: { pub: (type) => type === "mousemove" || type === "mouseleave" }, // not the zoom
        },
        drag: { x: true, y: false, setScale: false },
        focus: { prox: -1 },
        dataIdx: nearest,
        points: { size: 6 },
        bind: { dblclick: () => () => (events.onZoom(null), null) },
      },
      hooks: {
        setCursor: [
          (plot) => {
            const { left, idx } = plot.cursor;
            const isAway = left === undefined || left < 0 || idx === null || idx === undefined;
            events.onCursor(
              isAway ? null : (plot.data[0][idx] ?? null),
              columns.map((column, index) => {
                const line = lines[index];
                if (!line || hidden.has(line.key)) return { value: null, range: null };
                return readingOf(plot, column, line.behind?.kind === "band");
              }),
            );
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 4) return;
            const range: [number, number] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            events.onZoom(range);
          },
        ],
      },
    },
    tableOf(lines),
    target,
  );
  return plot;
}

function readingOf(plot: uPlot, { own, behind }: { own: number; behind: number[] }, isBand: boolean): Reading {
  const { left, idxs } = plot.cursor;
  const index = left === undefined || left < 0 ? null : idxs?.[own];
  if (index === null || index === undefined) return { value: null, range: null };
  const [low, high] = behind.map((column) => plot.data[column]?.[index] ?? null);
  const range: [number, number] | null = isBand && low != null && high != null && low < high ? [low, high] : null;
  return { value: plot.data[own]?.[index] ?? null, range };
}

/** Whether a scale is logarithmic, in uPlot's numbers. */
function scaleOf(isLog: boolean): uPlot.Scale.Distr {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- it has no values at run time
  return isLog ? 3 : 1;
}

/** A logarithmic axis leaves out the text of some of its ticks. */
function formatTick(tick: number | null): string {
  if (tick === null) return "";
  return Math.abs(tick) >= LARGE ? tick.toExponential().replace("e+", "e").replaceAll("-", "−") : formatNumber(tick, 5);
}

/** Let one line stand out, or with null all alike. */
export function highlight(plot: uPlot, lines: readonly Line[], owner: string | null): void {
  const columns = columnsOf(lines);
  lines.forEach((line, index) => {
    const lit = owner === null || line.owner === owner;
    for (const column of columns[index] ? [columns[index].own, ...columns[index].behind] : []) {
      const series = plot.series[column];
      if (series) series.alpha = lit ? 1 : 0.12;
    }
  });
  plot.redraw(false);
}

/** Text of a place on the x axis, also for people. */
export function xText(place: number, settings: ChartSettings): string {
  if (settings.x === "step") return formatNumber(place, 6);
  if (settings.x === "absolute") return formatMoment(place * 1000, true);
  if (place === 0) return "0";
  return place < 0 ? `−${formatDuration(-place * 1000)}` : formatDuration(place * 1000);
}

/** Times of the day as everywhere on the pages, with the date below where it is another than before. */
function timeTicks(ticks: readonly (number | null)[], distance: number): string[] {
  let before = "";
  return ticks.map((tick) => {
    if (tick === null) return "";
    const [date = "", time = ""] = formatMoment(tick * 1000, distance < 60).split(" ");
    const isNew = date !== before;
    before = date;
    if (distance >= 86400) return date;
    return isNew ? `${time}\n${date}` : time;
  });
}

export const AXIS_LABELS = { step: "step", relative: "time since the run began", absolute: "time" } as const;

function ownSeries(line: Line, dark: boolean): uPlot.Series {
  const paint = paintOf(line.owner, dark);
  const few = line.x.length < 2 || line.y.filter(Number.isFinite).length < 2;
  return {
    label: line.label,
    stroke: line.faint ? paint + FAINT_ALPHA : paint,
    width: 1.5,
    dash: [...line.dashes],
    points: { show: few, size: 5 },
  };
}

function behindSeries(line: Line, dark: boolean): uPlot.Series[] {
  const isBand = line.behind?.kind === "band";
  const stroke = isBand ? "transparent" : paintOf(line.owner, dark) + BEHIND_ALPHA;
  return behindOf(line).map(() => ({ stroke, width: isBand ? 0 : 1, points: { show: false } }));
}

function bandOf(line: Line, [low, high]: number[], alpha: string, dark: boolean): uPlot.Band[] {
  if (line.behind?.kind !== "band" || low === undefined || high === undefined) return [];
  return [{ series: [high, low], fill: paintOf(line.owner, dark) + alpha }];
}

function heightRange(
  lines: readonly Line[],
  settings: ChartSettings,
  zoom: [number, number] | null,
  low: number | null,
  high: number | null,
): [number, number] {
  const found = settings.ignoreOutliers ? heightOf(lines, true, zoom?.[0], zoom?.[1]) : null;
  const [from, to] = found ?? [low, high];
  if (from === null || to === null || !Number.isFinite(from) || !Number.isFinite(to))
    return settings.yLog ? [0.1, 1] : [0, 1];
  if (settings.yLog) {
    const [bottom, top] = uPlot.rangeLog(from, to, 10, false);
    return [bottom ?? from, top ?? to];
  }
  if (from === to) return [from - (Math.abs(from) || 1) * 0.1, to + (Math.abs(to) || 1) * 0.1];
  const margin = (to - from) * 0.05;
  return [from - margin, to + margin];
}

/** The point of a line next to the crosshair: its own places are some of those of all lines. */
function nearest(plot: uPlot, column: number, index: number, place: number): number | null {
  if (column === 0) return index;
  const values = plot.data[column];
  const places = plot.data[0];
  if (!values) return null;
  let left = index;
  let right = index;
  while (left >= 0 && (values[left] === null || values[left] === undefined)) left -= 1;
  while (right < values.length && (values[right] === null || values[right] === undefined)) right += 1;
  if (left < 0 && right >= values.length) return null;
  if (left < 0) return right === index ? right : null;
  if (right >= values.length) return left === index ? left : null;
  return place - (places[left] ?? 0) <= (places[right] ?? 0) - place ? left : right;
}

/** Distances between ticks of steps: there is nothing between epoch 1 and epoch 2, unless only a part is seen. */
export function stepDistances(width: number): number[] {
  const least = width >= FEWEST_WHOLE ? 0 : Math.floor(Math.log10(Math.max(width, Number.MIN_VALUE))) - 2;
  const powers = Array.from({ length: 18 }, (_, index) => 10 ** (least + index));
  return powers.flatMap((power) => [power, 2 * power, 5 * power]);
}

/** The range of what there is, and not up to the next power of ten. */
function exactRange(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0) return [1, 10];
  return low === high ? [low / 2, high * 2] : [low, high];
}

function ySize(_plot: uPlot, texts: string[] | null): number {
  const longest = Math.max(0, ...(texts ?? []).map((text) => text.length));
  return Math.max(36, longest * 7 + 16);
}
