/** The same picture of several runs, side by side; of a series, at the same step. */
import { Link } from "wouter-preact";

import { askJson, PREFIX, query, route, type Schemas } from "../api/client";
import { colourOf } from "../ui/colours";
import { formatNumber } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { readNumber, useQueryState } from "../ui/query_state";
import type { ComparedRun, Row } from "./facts";
import { allSteps, isPicture, picturePaths, stepAt } from "./pictures";
import { compare, type Project, runLink } from "./requests";

export function Pictures({ where, runs, turn }: { where: Project; runs: readonly string[]; turn: number }) {
  const state = useQueryState();
  const loaded = useLoad(`${where.workspace}/${where.project} ${runs.join(",")} ${turn}`, (signal) =>
    compare(where, { runs, types: ["file", "imageSeries"] }, signal),
  );
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value) return <Loading what="the pictures" />;
  const paths = picturePaths(loaded.value.rows);
  const path = paths.find((known) => known === state.get("picture")) ?? paths[0];
  const row = loaded.value.rows.find((known) => known.path === path);
  if (path === undefined || !row)
    return <Empty title="No pictures">None of these runs holds a picture or a series of pictures.</Empty>;
  const at = paths.indexOf(path);
  return (
    <>
      <div class="compare-controls">
        <label>
          Picture{" "}
          <select
            class="compare-column"
            value={path}
            onChange={(event) => {
              state.set({ picture: event.currentTarget.value, step: null });
            }}
          >
            {paths.map((known) => (
              <option key={known} value={known}>
                {known}
              </option>
            ))}
          </select>
        </label>
        <Turn label="Previous picture" sign="‹" path={paths[at - 1]} />
        <Turn label="Next picture" sign="›" path={paths[at + 1]} />
        <label>
          Width{" "}
          <input
            type="range"
            min="200"
            max="1200"
            step="20"
            value={readNumber(state.get("width"), 200, 1200, 400)}
            onInput={(event) => {
              state.set({ width: event.currentTarget.value }, "replace");
            }}
          />
        </label>
      </div>
      <Grid key={path} where={where} runs={loaded.value.runs} row={row} />
    </>
  );
}

function Turn({ label, sign, path }: { label: string; sign: string; path: string | undefined }) {
  const state = useQueryState();
  return (
    <button
      type="button"
      aria-label={label}
      disabled={path === undefined}
      onClick={() => {
        state.set({ picture: path ?? null, step: null });
      }}
    >
      {sign}
    </button>
  );
}

interface GridProps {
  where: Project;
  runs: readonly ComparedRun[];
  row: Row;
}

function isSeries(row: Row, at: number): boolean {
  return (row.cells[at]?.type ?? row.type) === "imageSeries";
}

function Grid({ where, runs, row }: GridProps) {
  const state = useQueryState();
  const width = readNumber(state.get("width"), 200, 1200, 400);
  const steps = useLoad(`${row.path} ${runs.map((run) => run.sys_id).join(",")}`, (signal) =>
    Promise.all(
      runs.map(async (run, at) => {
        const has = isSeries(row, at) && isPicture(row.cells[at] ?? null, row.type);
        return has ? await readSteps(where, run.sys_id, row.path, signal) : [];
      }),
    ),
  );
  const known = allSteps(steps.value ?? []);
  const last = known.at(-1) ?? 0;
  const wanted = readNumber(state.get("step"), -Infinity, Infinity, last);
  const position = Math.max(
    0,
    known.findLastIndex((step) => step <= wanted),
  );
  if (steps.error) return <Failed error={steps.error} retry={steps.reload} />;
  if (!steps.value) return <Loading what="the steps" />;
  return (
    <>
      {known.length > 1 ? (
        <div class="compare-controls">
          <label class="compare-wide">
            Step {formatNumber(known[position] ?? last)}
            <input
              type="range"
              min="0"
              max={known.length - 1}
              value={position}
              aria-valuetext={`step ${known[position] ?? last}`}
              onInput={(event) => {
                state.set({ step: String(known[Number(event.currentTarget.value)] ?? last) }, "replace");
              }}
            />
          </label>
          <span class="compare-note">{known.length} steps</span>
        </div>
      ) : null}
      <ul class="compare-pictures">
        {runs.map((run, at) => {
          const step = isSeries(row, at) ? stepAt(steps.value?.[at] ?? [], wanted) : null;
          const has = isPicture(row.cells[at] ?? null, row.type) && (!isSeries(row, at) || step !== null);
          const source = pictureAddress(where, run.sys_id, row.path, step);
          return (
            <li key={run.sys_id} style={{ width: `min(${width}px, 100%)` }}>
              <div class="compare-picture-head">
                <span class="compare-dot" style={{ background: colourOf(run.sys_id) }} aria-hidden="true" />
                <Link href={runLink(where, run.sys_id)}>{run.sys_id}</Link>
                <span class="compare-name">{run.name}</span>
                {step === null ? null : <span class="compare-note">step {formatNumber(step)}</span>}
              </div>
              {has ? (
                <a href={source} target="_blank" rel="noreferrer">
                  <img
                    src={source}
                    alt={`${row.path} of ${run.sys_id}${step === null ? "" : ` at step ${step}`}`}
                    loading="lazy"
                  />
                </a>
              ) : (
                <p class="compare-lacking">This run has no such picture.</p>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

async function readSteps(where: Project, run: string, path: string, signal: AbortSignal): Promise<number[]> {
  const base = route("projects", where.workspace, where.project, "runs", run);
  const page = await askJson<Schemas["PicturePage"]>(`${base}/images${query({ path, limit: 10000 })}`, { signal });
  return page.points.map((point) => point.step);
}

function pictureAddress(where: Project, run: string, path: string, step: number | null): string {
  const base = `${PREFIX}${route("projects", where.workspace, where.project, "runs", run)}`;
  return step === null ? `${base}/file${query({ path })}` : `${base}/image${query({ path, step })}`;
}
