/** The table of runs: only the rows in view are there. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { colourOf } from "../ui/colours";
import { CellContent, type Change } from "./cell";
import type { Row } from "./cells";
import { type ColumnActions, ColumnHead } from "./column_head";
import { ID_WIDTH, placed, SELECT_WIDTH, widthOf } from "./columns";
import type { Project } from "./runs_api";
import { nameOf, type Runs } from "./use_runs";
import type { Column, Sort } from "./view";

export const ROW_HEIGHT = 34;
const BEYOND = 8;

interface Props {
  project: Project;
  runs: Runs;
  columns: Column[];
  sort: Sort;
  /** Changes where the rows do; then the table begins anew at its top. */
  searchKey: string;
  selected: ReadonlySet<string>;
  onSelect: (sysIds: string[], isSelected: boolean) => void;
  actions: ColumnActions;
  onChange: Change;
}

export function RunsTable({ project, runs, columns, sort, searchKey, selected, onSelect, actions, onChange }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ first: 0, last: 40 });
  const total = runs.found?.total ?? 0;
  const { show } = runs;
  const places = placed(columns);
  const known = runs.found?.columns ?? [];
  const first = Math.min(range.first, Math.max(0, total - 1));
  const last = Math.min(range.last, total - 1);

  useEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const look = () => {
      const from = Math.max(0, Math.floor(element.scrollTop / ROW_HEIGHT) - BEYOND);
      const to = Math.ceil((element.scrollTop + element.clientHeight) / ROW_HEIGHT) + BEYOND;
      setRange((before) => (before.first === from && before.last === to ? before : { first: from, last: to }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    area.current?.scrollTo({ top: 0 });
  }, [searchKey]);
  useEffect(() => {
    if (total > 0) show(first, Math.max(first, last));
  }, [show, first, last, total]);

  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  const shown = rows.map((at) => runs.found?.rows.get(at)?.run.sys_id).filter((id) => id !== undefined);
  const areAll = shown.length > 0 && shown.every((id) => selected.has(id));
  const wide = places.reduce((sum, { column }) => sum + widthOf(column), SELECT_WIDTH + ID_WIDTH);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys scroll it
    <div ref={area} class="runs-area" tabIndex={0} role="region" aria-label="Runs" aria-busy={runs.isLoading}>
      <table class="runs-table" aria-label="Runs" aria-rowcount={total + 1} style={{ width: `${wide}px` }}>
        <colgroup>
          <col style={{ width: `${SELECT_WIDTH}px` }} />
          <col style={{ width: `${ID_WIDTH}px` }} />
          {places.map(({ column }) => (
            <col key={nameOf(column)} style={{ width: `${widthOf(column)}px` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th class="runs-pinned runs-select" scope="col">
              <input
                type="checkbox"
                aria-label="Select all runs in view"
                checked={areAll}
                onChange={() => {
                  onSelect(shown, !areAll);
                }}
              />
            </th>
            <th class="runs-pinned runs-id" scope="col" style={{ left: `${SELECT_WIDTH}px` }}>
              Run
            </th>
            {places.map(({ column, at, left }) => (
              <ColumnHead
                key={nameOf(column)}
                column={column}
                at={at}
                left={left}
                width={widthOf(column)}
                type={runs.found?.types[known.indexOf(nameOf(column))] ?? null}
                sort={sort}
                actions={actions}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} />
          {rows.map((at) => (
            <RunLine
              key={at}
              at={at}
              row={runs.found?.rows.get(at)}
              {...{ project, places, known, selected, onSelect, onChange }}
              types={runs.found?.types ?? []}
            />
          ))}
          <Gap rows={Math.max(0, total - 1 - last)} />
        </tbody>
      </table>
    </div>
  );
}

function Gap({ rows }: { rows: number }) {
  return rows > 0 ? <tr aria-hidden="true" style={{ height: `${rows * ROW_HEIGHT}px` }} /> : null;
}

interface LineProps extends Pick<Props, "project" | "selected" | "onSelect" | "onChange"> {
  at: number;
  row: Row | undefined;
  places: ReturnType<typeof placed>;
  known: string[];
  types: (string | null)[];
}

function RunLine({ at, row, project, places, known, types, selected, onSelect, onChange }: LineProps) {
  if (!row) {
    return (
      <tr class="runs-line" aria-rowindex={at + 2}>
        <td class="runs-pinned runs-select" />
        <td class="runs-pinned runs-id" style={{ left: `${SELECT_WIDTH}px` }}>
          …
        </td>
        {places.map(({ column }) => (
          <td key={nameOf(column)} />
        ))}
      </tr>
    );
  }
  const { sys_id: sysId } = row.run;
  const isSelected = selected.has(sysId);
  return (
    <tr class="runs-line" aria-rowindex={at + 2} data-selected={isSelected}>
      <td class="runs-pinned runs-select">
        <input
          type="checkbox"
          aria-label={`Select ${sysId}`}
          checked={isSelected}
          onChange={() => {
            onSelect([sysId], !isSelected);
          }}
        />
      </td>
      <td class="runs-pinned runs-id" style={{ left: `${SELECT_WIDTH}px` }}>
        <span class="runs-dot" aria-hidden="true" style={{ background: colourOf(sysId) }} />
        <Link href={`/${encodeURIComponent(project.workspace)}/${encodeURIComponent(project.project)}/e/${sysId}`}>
          {sysId}
        </Link>
      </td>
      {places.map(({ column, left }) => (
        <td
          key={`${sysId}:${column.aggregate}:${column.path}`}
          class={left === null ? "" : "runs-pinned"}
          style={left === null ? {} : { left: `${left}px` }}
        >
          <CellContent
            row={row}
            column={column}
            value={row.cells[known.indexOf(nameOf(column))] ?? null}
            type={types[known.indexOf(nameOf(column))] ?? null}
            onChange={onChange}
          />
        </td>
      ))}
    </tr>
  );
}
