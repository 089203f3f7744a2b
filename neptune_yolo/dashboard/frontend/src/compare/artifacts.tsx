/** Which artifacts the runs track, and what the files of two of them differ in. */
import { Empty } from "../ui/states";
import { useQueryState } from "../ui/query_state";
import { ArtifactDifference, ArtifactFiles } from "./artifact_view";
import type { Comparison } from "./facts";
import type { Project } from "./requests";
import { RunHeads } from "./run_heads";

export function Artifacts({ where, comparison }: { where: Project; comparison: Comparison }) {
  const state = useQueryState();
  const rows = comparison.rows.filter((row) => row.cells.some((cell) => (cell?.type ?? row.type) === "artifact"));
  const path = rows.find((row) => row.path === state.get("artifact"))?.path ?? rows[0]?.path;
  const row = rows.find((known) => known.path === path);
  if (path === undefined || !row)
    return (
      <Empty title="No artifacts">
        None of these runs tracks files. Log some with <code>run["dataset"].track_files("folder")</code>.
      </Empty>
    );
  const having = comparison.runs.filter((_, at) => typeof row.cells[at]?.value === "string");
  const one = having.find((run) => run.sys_id === state.get("one")) ?? having[0];
  const other = having.find((run) => run.sys_id === state.get("other")) ?? having[1];
  return (
    <>
      <div class="compare-scroll compare-low">
        <table class="compare-table" aria-label="Artifacts">
          <RunHeads where={where} runs={comparison.runs} first="Artifact" />
          <tbody>
            {rows.map((known) => (
              <tr key={known.path}>
                <th scope="row">
                  <button
                    type="button"
                    class="compare-link"
                    aria-pressed={known.path === path}
                    onClick={() => {
                      state.set({ artifact: known.path });
                    }}
                  >
                    {known.path}
                  </button>
                </th>
                {known.cells.map((cell, at) => (
                  <td key={at} class={at > 0 && cell?.value !== known.cells[0]?.value ? "compare-other" : ""}>
                    {typeof cell?.value === "string" ? <code title={cell.value}>{cell.value.slice(0, 12)}</code> : "—"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="compare-controls">
        <b>{path}</b>
        <Choice
          label="of"
          runs={having.map((run) => run.sys_id)}
          value={one?.sys_id ?? ""}
          onChange={(run) => {
            state.set({ one: run });
          }}
        />
        {having.length > 1 ? (
          <Choice
            label="against"
            runs={having.map((run) => run.sys_id)}
            value={other?.sys_id ?? ""}
            onChange={(run) => {
              state.set({ other: run });
            }}
          />
        ) : null}
      </div>
      {one && other && one !== other ? (
        <ArtifactDifference where={where} one={{ run: one.sys_id, path }} other={{ run: other.sys_id, path }} />
      ) : one ? (
        <ArtifactFiles where={where} place={{ run: one.sys_id, path }} />
      ) : null}
    </>
  );
}

interface ChoiceProps {
  label: string;
  runs: readonly string[];
  value: string;
  onChange: (run: string) => void;
}

function Choice({ label, runs, value, onChange }: ChoiceProps) {
  return (
    <label>
      {label}{" "}
      <select
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {runs.map((run) => (
          <option key={run} value={run}>
            {run}
          </option>
        ))}
      </select>
    </label>
  );
}
