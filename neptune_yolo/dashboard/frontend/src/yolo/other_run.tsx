/** Choose other runs to put beside the first. */
import { useState } from "preact/hooks";

import { askJson, route, type Schemas } from "../api/client";
import { useQueryState } from "../ui/query_state";
import { useLoad } from "../ui/use_load";
import type { RunPlace } from "./data";
import { namedRun, type Offered } from "./run_names";

const OFFERED = 20;
const LIST = "yolo-other-runs";

/** Runs of the project with the words in their identifier or name, the newest first; none while nothing is asked. */
function useOffered(place: RunPlace, text: string | null): Offered[] {
  const address = `${route("projects", place.workspace, place.project)}/runs/search`;
  const found = useLoad<Offered[]>(`${address} ${text ?? ""}`, async (signal) => {
    if (text === null) return [];
    const body = { search: text.trim(), limit: OFFERED };
    const page = await askJson<Schemas["RunPage"]>(address, { method: "POST", body, signal });
    return page.rows.map(({ run }) => ({ id: run.sys_id, name: run.name }));
  });
  return (found.value ?? []).filter((one) => one.id !== place.run);
}

export function OtherRun({ place, others }: { place: RunPlace; others: readonly string[] }) {
  const query = useQueryState();
  const [text, setText] = useState<string | null>(null);
  const offered = useOffered(place, text);
  const prefix = place.run.replace(/\d+$/, "");
  const add = (run: string | null) => {
    if (run === null || run === place.run) return;
    query.set({ with: [...others.filter((one) => one !== run), run].join(",") });
    setText(null);
  };
  return (
    <form
      class="yolo-other"
      onSubmit={(event) => {
        event.preventDefault();
        add(namedRun(text ?? "", prefix, offered));
      }}
    >
      <label>
        Beside run{" "}
        <input
          value={text ?? ""}
          size={14}
          list={LIST}
          autocomplete="off"
          placeholder="Identifier or name"
          onFocus={() => {
            setText(text ?? "");
          }}
          onInput={(event) => {
            const { value } = event.currentTarget;
            // What is chosen from the list comes at once; what is typed may be the beginning of more.
            const isChosen = event instanceof InputEvent && event.inputType === "insertReplacementText";
            if (isChosen) add(namedRun(value, prefix, offered));
            else setText(value);
          }}
        />
      </label>
      <datalist id={LIST}>
        {offered
          .filter((one) => !others.includes(one.id))
          .map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
      </datalist>
      <button type="submit" disabled={!text?.trim()}>
        Compare
      </button>
      {others.map((run) => (
        <button
          key={run}
          type="button"
          aria-label={`Take ${run} away`}
          onClick={() => {
            query.set({ with: others.filter((one) => one !== run).join(",") || null });
          }}
        >
          {run} ×
        </button>
      ))}
    </form>
  );
}
