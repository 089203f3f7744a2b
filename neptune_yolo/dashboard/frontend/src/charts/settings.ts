/** How charts are drawn: part of the address of a page, so that a view can be sent. */
import type { Smoothing } from "./smoothing";

export type XAxis = "step" | "relative" | "absolute";

export interface ChartSettings {
  x: XAxis;
  xLog: boolean;
  yLog: boolean;
  smoothing: Smoothing;
  /** Whether the height of a chart leaves out the lowest and the highest of its values (1 % each). */
  ignoreOutliers: boolean;
}

export const DEFAULT_SETTINGS: ChartSettings = {
  x: "step",
  xLog: false,
  yLog: false,
  smoothing: { kind: "none" },
  ignoreOutliers: false,
};

export function readSettings(search: URLSearchParams): ChartSettings {
  const x = search.get("x");
  return {
    x: x === "relative" || x === "absolute" ? x : "step",
    xLog: search.get("xlog") === "1",
    yLog: search.get("ylog") === "1",
    smoothing: readSmoothing(search.get("smooth")),
    ignoreOutliers: search.get("outliers") === "ignore",
  };
}

/** What stands in the address for settings; null for what is as usual. */
export function writtenSettings(settings: ChartSettings): Record<string, string | null> {
  const { smoothing } = settings;
  return {
    x: settings.x === "step" ? null : settings.x,
    xlog: settings.xLog ? "1" : null,
    ylog: settings.yLog ? "1" : null,
    smooth:
      smoothing.kind === "none"
        ? null
        : smoothing.kind === "ema"
          ? `ema-${smoothing.weight}`
          : `window-${smoothing.size}`,
    outliers: settings.ignoreOutliers ? "ignore" : null,
  };
}

function readSmoothing(text: string | null): Smoothing {
  const [kind, amount] = (text ?? "").split("-");
  const number = Number(amount);
  if (kind === "ema" && number >= 0 && number < 1) return { kind, weight: number };
  if (kind === "window" && Number.isInteger(number) && number >= 1 && number <= 1001) return { kind, size: number };
  return { kind: "none" };
}
