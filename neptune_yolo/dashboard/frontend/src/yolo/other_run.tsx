/** Choose a second run to put beside the first. */
import { useState } from "preact/hooks";

import type { RunPlace } from "./data";
import { useQueryState } from "../ui/query_state";

export function OtherRun({ place, others }: { place: RunPlace; others: readonly string[] }) {
  const query = useQueryState();
  const [name, setName] = useState("");
  const prefix = place.run.replace(/\d+$/, "");
  return (
    <form
      class="yolo-other"
      onSubmit={(event) => {
        event.preventDefault();
        const run = /^\d+$/.test(name.trim()) ? prefix + name.trim() : name.trim();
        if (!run) return;
        query.set({ with: [...others.filter((one) => one !== run), run].join(",") });
        setName("");
      }}
    >
      <label>
        Beside run{" "}
        <input
          value={name}
          size={10}
          placeholder={`${prefix}${place.run === `${prefix}1` ? 2 : 1}`}
          onInput={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      </label>
      <button type="submit" disabled={!name.trim()}>
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
