/** The head of a table with one column for each run. */
import { Link } from "wouter-preact";

import { colourOf } from "../ui/colours";
import type { ComparedRun } from "./facts";
import { type Project, runLink } from "./requests";

export function RunHeads({ where, runs, first }: { where: Project; runs: readonly ComparedRun[]; first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {runs.map((run) => (
          <th scope="col" key={run.sys_id}>
            <span class="compare-dot" style={{ background: colourOf(run.sys_id) }} aria-hidden="true" />{" "}
            <Link href={runLink(where, run.sys_id)}>{run.sys_id}</Link>
            <span class="compare-name" title={run.name}>
              {run.name}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The heading of a folder of attributes, across the table. */
export function FolderRow({ folder, columns }: { folder: string; columns: number }) {
  return (
    <tr class="compare-folder">
      <th scope="colgroup" colSpan={columns}>
        <span>{folder || "Top level"}</span>
      </th>
    </tr>
  );
}
