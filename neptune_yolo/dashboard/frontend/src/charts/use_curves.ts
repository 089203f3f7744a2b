/** The points of one chart: asked for when it is looked at, thinned to its width, followed while runs go on. */
import { useEffect, useRef, useState } from "preact/hooks";

import { ApiError } from "../api/client";
import { appended, type Curve, type ProjectName, type SeriesSearch } from "../api/series";
import { SeriesQueue } from "../api/series_queue";
import type { XAxis } from "./settings";

/** When each run was last heard of to have changed, in ms since 1970. */
export type Changes = ReadonlyMap<string, number>;

export interface CurvesWanted {
  project: ProjectName;
  runs: readonly string[];
  paths: readonly string[];
  x: XAxis;
  /** Whether the axis is logarithmic, so that the server divides it as it is drawn. */
  isLog: boolean;
  /** Range of the axis as it is drawn; null for all. */
  zoom: [number, number] | null;
  bins: number;
  /** Whether the chart is looked at; others are not asked for. */
  active: boolean;
  changes: Changes;
}

interface State {
  key: string;
  /** What the curves are of, whatever part of them was asked for. */
  kind: string;
  curves: Curve[];
  error: ApiError | null;
  /** What was known to have changed when the points were asked for. */
  seen: Changes;
}

/** Points that a followed chart may hold for each of its bins before it is thinned again. */
const MOST_PER_BIN = 4;

const NO_CURVES: Curve[] = [];

/** Of all charts of the page. */
const queue = new SeriesQueue();

export function useCurves(wanted: CurvesWanted): {
  curves: Curve[];
  error: ApiError | null;
  loading: boolean;
  retry: () => void;
} {
  const { project, runs, paths, x, isLog, zoom, bins, active, changes } = wanted;
  const [state, setState] = useState<State | null>(null);
  const [turn, setTurn] = useState(0);
  const busyRef = useRef(false);
  const kind = JSON.stringify([project.workspace, project.project, runs, paths, x, isLog]);
  const key = JSON.stringify([kind, zoom, bins, turn]);
  const isThere = state?.key === key;

  useEffect(() => {
    if (!active || isThere) return undefined;
    const controller = new AbortController();
    const before = changes;
    const body = { ...bodyOf(runs, paths, x, bins), ...boundsOf(zoom, x), log: isLog };
    queue.read(project, body, controller.signal).then(
      (curves) => {
        if (controller.signal.aborted) return;
        setState((last) => {
          const known = zoom && last?.kind === kind ? last.curves : NO_CURVES;
          return { key, kind, curves: completed(curves, known), error: null, seen: before };
        });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, String(error));
        setState((last) => ({ key, kind, curves: last?.curves ?? NO_CURVES, error: known, seen: before }));
      },
    );
    return () => {
      controller.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says all that is asked for
  }, [key, active, isThere]);

  const changed = runs.filter((run) => (changes.get(run) ?? 0) > (state?.seen.get(run) ?? 0));
  const news = active && isThere && !state.error && !zoom && changed.length ? changed.join(" ") : "";
  const moment = news ? Math.max(...changed.map((run) => changes.get(run) ?? 0)) : 0;

  useEffect(() => {
    if (!news || !state || busyRef.current) return undefined;
    let wanted = true;
    busyRef.current = true;
    const asked = changes;
    const last = new Map(state.curves.map((curve) => [nameOf(curve), curve.steps[curve.steps.length - 1] ?? null]));
    const body = bodyOf(changed, paths, x, bins);
    const series = body.series.map((one) => ({ ...one, after: last.get(nameOf(one)) ?? null }));
    queue
      .read(project, { ...body, series })
      .then(
        (found) => {
          if (!wanted) return;
          const curves = followed(state.curves, found);
          if (curves.some((curve) => curve.steps.length > MOST_PER_BIN * bins + 4)) setTurn((count) => count + 1);
          else setState({ ...state, curves, seen: asked });
        },
        () => {
          if (wanted) setState({ ...state }); // the next change comes soon
        },
      )
      .finally(() => {
        busyRef.current = false;
      });
    return () => {
      wanted = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what has changed, and when
  }, [news, moment, key]);

  return {
    curves: state?.curves ?? NO_CURVES,
    error: state?.error ?? null,
    loading: active && !isThere,
    retry: () => {
      setTurn((count) => count + 1);
    },
  };
}

/** Curves of a range, in their place those that are known whole: their lines go on beyond its ends. */
export function completed(found: readonly Curve[], known: readonly Curve[]): Curve[] {
  const whole = new Map(known.filter((curve) => curve.steps.length === curve.total).map((one) => [nameOf(one), one]));
  return found.map((curve) => {
    const all = whole.get(nameOf(curve));
    return all?.total === curve.total ? { ...all, inRange: curve.inRange } : curve;
  });
}

/** Earlier curves with what is new behind them; series that are new altogether come last. */
export function followed(curves: readonly Curve[], found: readonly Curve[]): Curve[] {
  const news = new Map(found.map((curve) => [nameOf(curve), curve]));
  const known = curves.map((curve) => {
    const more = news.get(nameOf(curve));
    news.delete(nameOf(curve));
    return more ? appended(curve, more) : curve;
  });
  return [...known, ...news.values()];
}

function nameOf(series: { run: string; path: string }): string {
  return `${series.run} ${series.path}`;
}

function bodyOf(runs: readonly string[], paths: readonly string[], x: XAxis, bins: number): SeriesSearch {
  const series = paths.flatMap((path) => runs.map((run) => ({ run, path, after: null })));
  return { series, x: x === "absolute" ? "time" : x, log: false, first: null, last: null, bins, raw: false };
}

/** A range of the drawn axis as the server takes it. */
export function boundsOf(zoom: [number, number] | null, x: XAxis): { first?: number; last?: number } {
  if (!zoom) return {};
  const [first, last] = zoom;
  return x === "step" ? { first, last } : { first: first * 1000, last: last * 1000 };
}
