/** Settings side by side; those that are not as in the first run stand out. */
import { Fragment } from "preact";

import { Empty } from "../ui/states";
import { useQueryState } from "../ui/query_state";
import {
  byFolder,
  type Comparison,
  isConfiguration,
  isMetric,
  othersThanFirst,
  type Row,
  splitPath,
  textOf,
} from "./facts";
import type { Project } from "./requests";
import { FolderRow, RunHeads } from "./run_heads";

const SHOWN = 500;

/** The rows that a view shows. */
export function chosenRows(rows: readonly Row[], search: string, everything: boolean, onlyDifferent: boolean): Row[] {
  const part = search.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (everything ? !isMetric(row) && row.type !== "floatSeries" : isConfiguration(row)) &&
      (!onlyDifferent || row.differs) &&
      (row.path.toLowerCase().includes(part) ||
        row.cells.some((cell) => textOf(cell, row.type).toLowerCase().includes(part))),
  );
}

export function Configuration({ where, comparison }: { where: Project; comparison: Comparison }) {
  const state = useQueryState();
  const search = state.get("find") ?? "";
  const everything = state.get("attributes") === "all";
  const alone = comparison.runs.length < 2;
  const onlyDifferent = !alone && state.get("show") !== "all";
  const rows = chosenRows(comparison.rows, search, everything, onlyDifferent);
  const all = chosenRows(comparison.rows, search, everything, false).length;
  const shown = rows.slice(0, SHOWN);
  return (
    <>
      <div class="compare-controls">
        <input
          type="search"
          aria-label="Find an attribute or value"
          placeholder="Find an attribute or value"
          value={search}
          onInput={(event) => {
            state.set({ find: event.currentTarget.value || null }, "replace");
          }}
        />
        <label>
          <input
            type="checkbox"
            checked={onlyDifferent}
            disabled={alone}
            onChange={(event) => {
              state.set({ show: event.currentTarget.checked ? null : "all" });
            }}
          />
          Only what differs
        </label>
        <label>
          <input
            type="checkbox"
            checked={everything}
            onChange={(event) => {
              state.set({ attributes: event.currentTarget.checked ? "all" : null });
            }}
          />
          System attributes, too
        </label>
        <span class="compare-note" role="status">
          {onlyDifferent ? `${rows.length} of ${all} attributes differ` : `${rows.length} attributes`}
          {rows.length > SHOWN ? `; the first ${SHOWN} are shown, search for the others` : ""}
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty title={onlyDifferent && all > 0 ? "No difference" : "No such attribute"}>
          {onlyDifferent && all > 0
            ? "All runs agree in these attributes. Untick “Only what differs” to see them."
            : "Search for another part of a path, or compare other runs."}
        </Empty>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it
        <div class="compare-scroll" tabIndex={0} role="region" aria-label="Configuration side by side">
          <table class="compare-table" aria-label="Configuration">
            <RunHeads where={where} runs={comparison.runs} first="Attribute" />
            <tbody>
              {byFolder(shown).map(([folder, inside]) => (
                <Fragment key={folder}>
                  <FolderRow folder={folder} columns={comparison.runs.length + 1} />
                  {inside.map((row) => (
                    <ConfigurationRow key={row.path} row={row} />
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

function ConfigurationRow({ row }: { row: Row }) {
  const others = othersThanFirst(row);
  return (
    <tr>
      <th scope="row" title={row.path}>
        {splitPath(row.path)[1]}
      </th>
      {row.cells.map((cell, at) => (
        <td key={at} class={others[at] ? "compare-other" : cell ? "" : "compare-none"}>
          {textOf(cell, row.type)}
          {others[at] ? <span class="visually-hidden"> (differs from the baseline)</span> : null}
        </td>
      ))}
    </tr>
  );
}
