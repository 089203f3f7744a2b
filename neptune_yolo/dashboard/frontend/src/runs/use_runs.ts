/** Rows of a search, fetched in pages as they come into view, and asked for again while the page is looked at. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { ApiError } from "../api/client";
import type { Row } from "./cells";
import { PAGE, type Project, searchRuns, type SearchBody } from "./runs_api";
import type { Figure } from "./view";

const AGAIN_MS = 4000;

export interface Found {
  /** Search that the rows are of. */
  key: string;
  total: number;
  /** Names of the columns that the rows have; see `nameOf`. */
  columns: string[];
  types: (string | null)[];
  rows: Map<number, Row>;
}

export interface Runs {
  found: Found | null;
  /** Whether the rows shown are not yet those of the search. */
  isLoading: boolean;
  error: ApiError | null;
  /** Say which rows are in view. */
  show: (first: number, last: number) => void;
  reload: () => void;
}

export function useRuns(project: Project, body: SearchBody): Runs {
  const key = JSON.stringify([project, body]);
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const visibleRef = useRef({ first: 0, last: 0 });
  const askingRef = useRef(new Map<number, AbortController>());

  const fetchPage = useCallback(
    (page: number) => {
      if (askingRef.current.has(page)) return;
      const controller = new AbortController();
      askingRef.current.set(page, controller);
      searchRuns(project, body, page * PAGE, PAGE, controller.signal)
        .then(
          (answer) => {
            if (controller.signal.aborted) return;
            setError(null);
            setFound((before) => merged(before, key, body.columns.map(nameOf), page, answer));
          },
          (problem: unknown) => {
            if (controller.signal.aborted) return;
            setError(problem instanceof ApiError ? problem : new ApiError(0, String(problem)));
          },
        )
        .finally(() => {
          if (askingRef.current.get(page) === controller) askingRef.current.delete(page);
        });
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says all that project and body do
    [key],
  );

  const inView = useCallback(() => pages(visibleRef.current.first, visibleRef.current.last), []);
  const reload = useCallback(() => {
    for (const page of inView()) fetchPage(page);
  }, [fetchPage, inView]);

  useEffect(() => {
    const running = askingRef.current;
    visibleRef.current = { first: 0, last: 0 };
    setError(null);
    fetchPage(0);
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload();
    }, AGAIN_MS);
    return () => {
      clearInterval(timer);
      for (const controller of running.values()) controller.abort();
      running.clear();
    };
  }, [fetchPage, reload]);

  const knownRef = useRef(found);
  useEffect(() => {
    knownRef.current = found;
  }, [found]);
  const show = useCallback(
    (first: number, last: number) => {
      visibleRef.current = { first, last };
      for (const page of pages(first, last)) {
        const present = knownRef.current;
        if (present?.key !== key || (!present.rows.has(page * PAGE) && page * PAGE < present.total)) fetchPage(page);
      }
    },
    [fetchPage, key],
  );
  return { found, isLoading: found?.key !== key, error, show, reload };
}

/** Name of a column, to find its cell. */
export function nameOf({ path, aggregate }: { path: string; aggregate: Figure }): string {
  return `${aggregate}:${path}`;
}

function pages(first: number, last: number): number[] {
  const from = Math.floor(first / PAGE);
  return Array.from({ length: Math.floor(last / PAGE) - from + 1 }, (_, at) => from + at);
}

function merged(
  before: Found | null,
  key: string,
  columns: string[],
  page: number,
  answer: { total: number; types: (string | null)[]; rows: Row[] },
): Found {
  const isSame = before?.key === key;
  const rows = new Map(isSame ? before.rows : []);
  for (let at = 0; at < PAGE; at += 1) {
    const row = answer.rows[at];
    if (row) rows.set(page * PAGE + at, row);
    else rows.delete(page * PAGE + at);
  }
  const types = answer.types.map((type, at) => type ?? (isSame ? (before.types[at] ?? null) : null));
  return { key, columns, total: answer.total, types, rows };
}
