/** Parallel coordinates by ECharts; loaded only where they are shown. */
import { ParallelChart } from "echarts/charts";
import { ParallelComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { isDark } from "../ui/colours";
import { formatNumber } from "../ui/format";
import type { Brush } from "./points";
import { visibleShade } from "./scales";

register([ParallelChart, ParallelComponent, CanvasRenderer]);

export interface Axis {
  label: string;
  /** Texts of an axis of categories, whose values are their positions; null for one of numbers. */
  categories: string[] | null;
  log: boolean;
}

export interface Drawing {
  axes: Axis[];
  /** For each run its values, in the order of the axes; null where it has none. */
  lines: (number | null)[][];
  /** How strongly each line is coloured, from 0 to 1; null for a run without the last value. */
  shares: (number | null)[];
}

export interface Chart {
  draw: (drawing: Drawing) => void;
  close: () => void;
}

interface Selected {
  parallelAxisId?: string;
  intervals?: [number, number][];
}

/** Start a chart; `onBrush` is told what is brushed, by the number of the axis. */
export function startChart(place: HTMLElement, onBrush: (axis: number, ranges: Brush[]) => void): Chart {
  const chart = init(place, null, { renderer: "canvas" });
  const observer = new ResizeObserver(() => {
    chart.resize();
  });
  observer.observe(place);
  chart.on("axisareaselected", (event) => {
    const { parallelAxisId, intervals } = event as Selected;
    const axis = Number(parallelAxisId?.slice("axis-".length));
    if (Number.isInteger(axis)) onBrush(axis, intervals ?? []);
  });
  return {
    draw: (drawing) => {
      chart.setOption(optionOf(drawing, getComputedStyle(place)), { notMerge: true });
    },
    close: () => {
      observer.disconnect();
      chart.dispose();
    },
  };
}

function optionOf({ axes, lines, shares }: Drawing, style: CSSStyleDeclaration) {
  const text = style.color;
  const dark = isDark();
  return {
    animation: false,
    parallel: {
      left: 70,
      right: 90,
      top: 56,
      bottom: 28,
      parallelAxisDefault: {
        nameLocation: "end" as const,
        nameTextStyle: { color: text, fontSize: 12, width: 150, overflow: "break" as const },
        axisLabel: { color: text, fontSize: 11, formatter: labelOf },
        axisLine: { lineStyle: { color: text } },
        axisTick: { lineStyle: { color: text } },
        areaSelectStyle: { width: 18, borderColor: text, color: "rgba(120,150,200,0.35)", opacity: 1 },
      },
    },
    parallelAxis: axes.map((axis, dim) => ({
      id: `axis-${dim}`,
      dim,
      name: axis.label,
      ...(axis.categories
        ? { type: "category" as const, data: axis.categories }
        : axis.log
          ? { type: "log" as const }
          : { type: "value" as const, scale: true }),
    })),
    series: [
      {
        type: "parallel" as const,
        inactiveOpacity: 0.12,
        activeOpacity: 0.95,
        lineStyle: { width: lines.length > 100 ? 1 : 2, opacity: lines.length > 100 ? 0.5 : 0.85 },
        data: lines.map((values, at) => ({
          value: values.map((value) => value ?? "-"),
          lineStyle: { color: colourOfShare(shares[at] ?? null, dark) },
        })),
      },
    ],
  };
}

function labelOf(value: number | string): string {
  return typeof value === "number" ? formatNumber(value, 3) : value.length > 16 ? `${value.slice(0, 15)}…` : value;
}

function colourOfShare(share: number | null, dark: boolean): string {
  return share === null ? "#8a8f98" : visibleShade(share, dark);
}
