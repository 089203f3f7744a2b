/** Make a chart of any metrics, for everybody in the project. */
import { useState } from "preact/hooks";

import { Dialog } from "../ui/dialog";
import type { Metric } from "./metrics";

interface NewChartProps {
  metrics: readonly Metric[];
  onMake: (title: string, paths: string[]) => void;
  onClose: () => void;
}

export function NewChart({ metrics, onMake, onClose }: NewChartProps) {
  const [title, setTitle] = useState("");
  const [typed, setTyped] = useState("");
  const [paths, setPaths] = useState<string[]>([]);
  const shown = metrics.filter(({ path }) => path.toLowerCase().includes(typed.toLowerCase()));
  return (
    <Dialog
      title="New chart"
      onClose={onClose}
      actions={
        <button
          type="button"
          class="primary"
          disabled={!paths.length}
          onClick={() => {
            onMake(title.trim() || paths.join(", ").slice(0, 80), paths);
            onClose();
          }}
        >
          Make the chart
        </button>
      }
    >
      <label>
        Title{" "}
        <input
          value={title}
          maxLength={80}
          placeholder="Losses of training"
          onInput={(event) => {
            setTitle(event.currentTarget.value);
          }}
        />
      </label>
      <fieldset class="charts-metrics">
        <legend>Metrics</legend>
        <input
          type="search"
          aria-label="Search metrics to choose from"
          placeholder="Search"
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        {shown.map(({ path }) => (
          <label key={path}>
            <input
              type="checkbox"
              checked={paths.includes(path)}
              onChange={(event) => {
                const others = paths.filter((other) => other !== path);
                setPaths(event.currentTarget.checked ? [...others, path] : others);
              }}
            />{" "}
            {path}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
