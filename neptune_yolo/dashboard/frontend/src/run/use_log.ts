/** Loads the lines of a series that are looked at, and new ones as they come. */
import { useEffect, useRef, useState } from "preact/hooks";

import { askJson, query, type Schemas } from "../api/client";
import { type LogPages, merged, missingPages, PAGE } from "./log_pages";
import { runRoute, type RunPlace } from "./run_data";

const POLL_MS = 2000;

export type Point = Schemas["TextPoint"];

/** Lines of a window. */
export interface Range {
  first: number;
  end: number;
}

const NOTHING: LogPages<Point> = { total: 0, pages: new Map() };

interface Wanted {
  place: RunPlace;
  path: string;
  isLive: boolean;
}

export function useLog({ place, path, isLive }: Wanted) {
  const [log, setLog] = useState(NOTHING);
  const [isKnown, setKnown] = useState(false);
  const [error, setError] = useState("");
  const totalRef = useRef(0);
  const rangeRef = useRef<Range>({ first: 0, end: 0 });
  const url = runRoute(place, "strings");
  const load = async (offset: number, signal: AbortSignal) => {
    const page = await askJson<Schemas["TextPage"]>(url + query({ path, offset, limit: PAGE }), { signal });
    totalRef.current = page.total;
    setError("");
    setKnown(true);
    setLog((before) => merged(before, page, offset < 0 ? page.total : rangeRef.current.first));
    return page;
  };
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async () => {
      try {
        const known = totalRef.current;
        const page = await load(known || -PAGE, controller.signal);
        const isBehind = known > 0 && page.offset + page.points.length < page.total;
        // Of many new lines, the last ones are looked at first.
        if (isBehind) await load(-PAGE, controller.signal);
        if (isLive) timer = setTimeout(() => void follow(), POLL_MS);
      } catch (problem) {
        if (controller.signal.aborted) return;
        setError(problem instanceof Error ? problem.message : String(problem));
        timer = setTimeout(() => void follow(), POLL_MS * 2);
      }
    };
    void follow();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `load` depends on the same
  }, [url, path, isLive]);
  return { log, isKnown, error, useWindow: { log, load, setError, rangeRef } };
}

type Loading = ReturnType<typeof useLog>["useWindow"];

/** Ask for the lines of the window that are not there. */
export function useMissing({ log, load, setError, rangeRef }: Loading, range: Range): void {
  const missing = missingPages(log, range.first, range.end).join(" ");
  useEffect(() => {
    rangeRef.current = range;
  });
  useEffect(() => {
    if (!missing) return;
    const controller = new AbortController();
    const ask = async () => {
      try {
        for (const page of missing.split(" ")) await load(Number(page) * PAGE, controller.signal);
      } catch (problem) {
        if (!controller.signal.aborted) setError(problem instanceof Error ? problem.message : String(problem));
      }
    };
    // Whoever scrolls past a page does not want it.
    const timer = setTimeout(() => void ask(), 60);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is missing says all
  }, [missing]);
}
