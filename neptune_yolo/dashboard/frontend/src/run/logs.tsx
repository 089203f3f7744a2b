/** What a run's program printed, and other series of texts, followed while it is at work. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { askJson, query, type Schemas } from "../api/client";
import { formatMoment } from "../ui/format";
import { Empty } from "../ui/states";
import { appended, logSeries, shownLines } from "./logs_data";
import { runRoute, type RunPlace, type RunView } from "./run_data";
import { useQueryValue } from "../ui/query_state";

const PAGE = 1000;
const POLL_MS = 2000;

type Point = Schemas["TextPoint"];

export function LogsPanel({ view }: { view: RunView }) {
  const [wanted, setWanted] = useQueryValue("path", "push");
  const series = logSeries(view.attributes);
  const path = series.find((one) => one === wanted) ?? series[0];
  if (path === undefined) {
    return (
      <Empty title="Nothing was printed">
        <p>The client captures stdout and stderr of a program unless it was told not to.</p>
      </Empty>
    );
  }
  return (
    <>
      <div class="run-tools">
        <label>
          Log{" "}
          <select
            value={path}
            onChange={(event) => {
              setWanted(event.currentTarget.value);
            }}
          >
            {series.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Log key={path} place={view.place} path={path} isLive={view.head.state === "running"} />
    </>
  );
}

function Log({ place, path, isLive }: { place: RunPlace; path: string; isLive: boolean }) {
  const { points, first, total, error, older } = useLog(place, path, isLive);
  const [follows, setFollows] = useState(true);
  const [times, setTimes] = useState(false);
  const [progress, setProgress] = useState(false);
  const lines = useMemo(() => shownLines(points, progress), [points, progress]);
  const boxRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follows && boxRef.current) boxRef.current.scrollTop = boxRef.current.scrollHeight;
  }, [lines, follows]);
  return (
    <>
      <div class="run-tools">
        <label>
          <input
            type="checkbox"
            checked={follows}
            onChange={(event) => {
              setFollows(event.currentTarget.checked);
            }}
          />{" "}
          Follow
        </label>
        <label>
          <input
            type="checkbox"
            checked={times}
            onChange={(event) => {
              setTimes(event.currentTarget.checked);
            }}
          />{" "}
          Times
        </label>
        <label>
          <input
            type="checkbox"
            checked={progress}
            onChange={(event) => {
              setProgress(event.currentTarget.checked);
            }}
          />{" "}
          Each step of progress bars
        </label>
        {first > 0 ? (
          <button
            type="button"
            onClick={() => {
              setFollows(false);
              older();
            }}
          >
            Earlier lines
          </button>
        ) : null}
        <span class="run-muted">{total ? `${first + 1} to ${first + points.length} of ${total}` : "No lines yet"}</span>
      </div>
      {error ? <p class="run-warning">{error}</p> : null}
      <div
        class="run-log"
        ref={boxRef}
        role="log"
        aria-label={path}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
        tabIndex={0}
        onWheel={(event) => {
          if (event.deltaY < 0) setFollows(false);
        }}
      >
        {lines.map((one) => (
          <div key={one.step} class="run-line">
            {times ? <time>{formatMoment(one.logged_ms, true)} </time> : null}
            {one.value}
          </div>
        ))}
      </div>
    </>
  );
}

interface LogState {
  points: readonly Point[];
  first: number;
  total: number;
}

/** The last lines of a series, then new ones as they come, and earlier ones on request. */
function useLog(place: RunPlace, path: string, isLive: boolean) {
  const [log, setLog] = useState<LogState>({ points: [], first: 0, total: 0 });
  const [error, setError] = useState("");
  const nowRef = useRef(log);
  useEffect(() => {
    nowRef.current = log;
  }, [log]);
  const url = runRoute(place, "strings");
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (offset: number) => {
      try {
        const values = query({ path, offset, limit: PAGE });
        const page = await askJson<Schemas["TextPage"]>(url + values, { signal: controller.signal });
        setError("");
        setLog((before) => (offset < 0 ? startOf(page) : added(before, page)));
        const isBehind = page.offset + page.points.length < page.total;
        if (isLive || isBehind) timer = setTimeout(next, isBehind ? 50 : POLL_MS);
      } catch (problem) {
        if (controller.signal.aborted) return;
        setError(problem instanceof Error ? problem.message : String(problem));
        timer = setTimeout(next, POLL_MS * 2);
      }
    };
    const next = () => {
      const { first, points } = nowRef.current;
      void load(points.length ? first + points.length : -PAGE);
    };
    next();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [url, path, isLive]);
  const older = () => {
    const { first } = nowRef.current;
    const offset = Math.max(0, first - PAGE);
    askJson<Schemas["TextPage"]>(url + query({ path, offset, limit: first - offset })).then(
      (page) => {
        setLog((before) =>
          before.first === first ? { ...before, first: offset, points: [...page.points, ...before.points] } : before,
        );
      },
      (problem: unknown) => {
        setError(String(problem));
      },
    );
  };
  return { ...log, error, older };
}

function startOf(page: Schemas["TextPage"]): LogState {
  return { points: page.points, first: page.offset, total: page.total };
}

function added(before: LogState, page: Schemas["TextPage"]): LogState {
  return { ...before, points: appended(before.points, page.points), total: page.total };
}
