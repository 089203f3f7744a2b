/** Which settings are axes. */
import { useState } from "preact/hooks";

import { useQueryState } from "../ui/query_state";
import { type Columns, writePaths } from "./points";

const MOST = 12;

export function AxisChoice({ columns, chosen }: { columns: Columns; chosen: readonly string[] }) {
  const state = useQueryState();
  const [part, setPart] = useState("");
  const paths = [...new Set([...chosen, ...columns.settings, ...columns.metrics])];
  const fitting = paths.filter((path) => path.toLowerCase().includes(part.trim().toLowerCase()));
  return (
    <details class="compare-axes">
      <summary>Axes ({chosen.length})</summary>
      <div class="compare-offer">
        <input
          type="search"
          aria-label="Find an attribute for an axis"
          placeholder="Find an attribute"
          value={part}
          onInput={(event) => {
            setPart(event.currentTarget.value);
          }}
        />
        <ul>
          {fitting.slice(0, 200).map((path) => (
            <li key={path}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.includes(path)}
                  disabled={!chosen.includes(path) && chosen.length >= MOST}
                  onChange={(event) => {
                    const next = event.currentTarget.checked ? [...chosen, path] : chosen.filter((one) => one !== path);
                    state.set({ axes: writePaths(next) });
                  }}
                />
                {path}
              </label>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
