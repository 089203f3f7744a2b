/** Metrics side by side; the best of each row is marked, and the change against the first run told. */
import { Fragment } from "preact";

import { formatNumber } from "../ui/format";
import { Empty } from "../ui/states";
import { useQueryState } from "../ui/query_state";
import {
  bestOf,
  byFolder,
  changeText,
  type Comparison,
  type Figure,
  FIGURES,
  goalOf,
  isMetric,
  numberOf,
  type Row,
  splitPath,
  unitOf,
} from "./facts";
import type { Project } from "./requests";
import { FolderRow, RunHeads } from "./run_heads";

const LABELS: Record<Figure, string> = { best: "Best", last: "Last", min: "Minimum", max: "Maximum" };
const GOALS = { min: "↓", max: "↑" } as const;

export function Metrics({ where, comparison }: { where: Project; comparison: Comparison }) {
  const state = useQueryState();
  const search = state.get("find") ?? "";
  const figure = FIGURES.find((name) => name === state.get("figure")) ?? "best";
  const part = search.trim().toLowerCase();
  const rows = comparison.rows.filter((row) => isMetric(row) && row.path.toLowerCase().includes(part));
  return (
    <>
      <div class="compare-controls">
        <input
          type="search"
          aria-label="Find a metric"
          placeholder="Find a metric"
          value={search}
          onInput={(event) => {
            state.set({ find: event.currentTarget.value || null }, "replace");
          }}
        />
        <label>
          Of each series{" "}
          <select
            value={figure}
            onChange={(event) => {
              state.set({ figure: event.currentTarget.value === "best" ? null : event.currentTarget.value });
            }}
          >
            {FIGURES.map((name) => (
              <option key={name} value={name}>
                {LABELS[name]}
              </option>
            ))}
          </select>
        </label>
        <span class="compare-note">
          ★ best of the row · ↑ more is better · ↓ less is better
          {comparison.runs.length > 1 ? " · ± change against the baseline" : ""}
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty title="No metrics">These runs have logged no such metric. Search for another name.</Empty>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it
        <div class="compare-scroll" tabIndex={0} role="region" aria-label="Metrics side by side">
          <table class="compare-table" aria-label="Metrics">
            <RunHeads where={where} runs={comparison.runs} first="Metric" />
            <tbody>
              {byFolder(rows).map(([folder, inside]) => (
                <Fragment key={folder}>
                  <FolderRow folder={folder} columns={comparison.runs.length + 1} />
                  {inside.map((row) => (
                    <MetricRow key={row.path} row={row} figure={figure} />
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function MetricRow({ row, figure }: { row: Row; figure: Figure }) {
  const goal = goalOf(row.path);
  const unit = unitOf(row.path);
  const numbers = row.cells.map((cell) => numberOf(cell, figure, goal));
  const best = bestOf(numbers, goal);
  const first = numbers[0] ?? null;
  return (
    <tr>
      <th scope="row" title={row.path}>
        {splitPath(row.path)[1]}
        {unit ? <span class="compare-unit"> [{unit}]</span> : null}
        {goal ? (
          <span class="compare-unit" title={goal === "max" ? "More is better" : "Less is better"}>
            {" "}
            {GOALS[goal]}
          </span>
        ) : null}
      </th>
      {numbers.map((value, at) => (
        <td key={at} class={best.has(at) ? "compare-number compare-best" : "compare-number"}>
          {best.has(at) ? (
            <span role="img" aria-label="Best of the row">
              ★{" "}
            </span>
          ) : null}
          {value === null ? "—" : formatNumber(value, 5)}
          {at > 0 ? <small>{changeText(value, first)}</small> : null}
        </td>
      ))}
    </tr>
  );
}
