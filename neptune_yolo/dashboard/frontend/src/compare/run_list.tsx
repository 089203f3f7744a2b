/** The runs that are compared: take one away, put it first, or add one. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { colourOf } from "../ui/colours";
import { useLoad } from "../ui/use_load";
import { withFirst } from "./address";
import type { ComparedRun } from "./facts";
import { compare, MAX_RUNS, type Project, runLink } from "./requests";

const OFFERED = 1000;
const LISTED = 12;

interface Props {
  where: Project;
  runs: readonly string[];
  known: readonly ComparedRun[];
  onChange: (runs: string[]) => void;
}

export function RunList({ where, runs, known, onChange }: Props) {
  const names = new Map(known.map((run) => [run.sys_id, run.name]));
  return (
    <section class="compare-runs" aria-label="Compared runs">
      <ul>
        {runs.map((run, at) => (
          <li key={run}>
            <span class="compare-dot" style={{ background: colourOf(run) }} aria-hidden="true" />
            <Link href={runLink(where, run)}>{run}</Link>
            <span class="compare-name" title={names.get(run) ?? ""}>
              {names.get(run) ?? ""}
            </span>
            {at === 0 && runs.length > 1 ? <span class="compare-first">baseline</span> : null}
            {at > 0 ? (
              <button
                type="button"
                class="compare-small"
                title="Compare the others with this run"
                aria-label={`Make ${run} the baseline`}
                onClick={() => {
                  onChange(withFirst(runs, run));
                }}
              >
                ⇤
              </button>
            ) : null}
            <button
              type="button"
              class="compare-small"
              aria-label={`Remove ${run}`}
              onClick={() => {
                onChange(runs.filter((other) => other !== run));
              }}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {runs.length < MAX_RUNS ? <AddRun where={where} runs={runs} onChange={onChange} /> : null}
    </section>
  );
}

function AddRun({ where, runs, onChange }: Omit<Props, "known">) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const key = isOpen ? `${where.workspace}/${where.project}` : "";
  const offered = useLoad(key, (signal) =>
    isOpen
      ? compare(where, { limit: OFFERED, paths: ["sys/name"] }, signal).then((found) => found.runs)
      : Promise.resolve([]),
  );
  const part = text.trim().toLowerCase();
  const fitting = (offered.value ?? []).filter(
    (run) => !runs.includes(run.sys_id) && `${run.sys_id} ${run.name}`.toLowerCase().includes(part),
  );
  const add = (run: string) => {
    onChange([...runs, run]);
    setText("");
  };
  return (
    <div class="compare-add">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        {isOpen ? "Done" : "Add runs"}
      </button>
      {isOpen ? (
        <div class="compare-offer">
          <input
            type="search"
            aria-label="Find a run to add"
            placeholder="Identifier or name"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
            }}
            onKeyDown={(event) => {
              const first = fitting[0];
              if (event.key === "Enter" && first) add(first.sys_id);
              if (event.key === "Escape") setOpen(false);
            }}
          />
          {offered.error ? <p role="alert">{offered.error.message}</p> : null}
          <ul aria-label="Runs that can be added">
            {fitting.slice(0, LISTED).map((run) => (
              <li key={run.sys_id}>
                <button
                  type="button"
                  onClick={() => {
                    add(run.sys_id);
                  }}
                >
                  <b>{run.sys_id}</b> {run.name}
                </button>
              </li>
            ))}
          </ul>
          <p class="compare-note" role="status">
            {offered.state === "loading" ? "Loading runs …" : null}
            {offered.state === "ready" && fitting.length === 0 ? "No other run fits." : null}
            {fitting.length > LISTED ? `${fitting.length - LISTED} more: type a part of the name.` : null}
          </p>
        </div>
      ) : null}
    </div>
  );
}
