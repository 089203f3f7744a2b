/** Confusion matrices: counts or shares, of one run or the difference of two. */
import { useRef, useState } from "preact/hooks";

import { Empty, Failed, Loading } from "../ui/states";
import { cellText, difference, largest, measured, moved, readConfusion, type Measure } from "./confusion";
import type { RunPlace } from "./data";
import { useQueryState } from "../ui/query_state";
import { usePlots } from "./use_plots";
import "./yolo.css";

type Cells = readonly (readonly (number | null)[])[];

/** The confusion matrix of each run; of two runs also their difference. */
export function ConfusionMatrices({ places }: { places: readonly RunPlace[] }) {
  const query = useQueryState();
  const { byName, error, reload } = usePlots(places);
  if (error && !byName) return <Failed error={error} retry={reload} />;
  if (!byName) return <Loading what="the confusion matrix" />;
  const found = [...byName.values()].flatMap((plots) =>
    plots.flatMap(({ place, plot }) =>
      plot.kind === "confusion_matrix" ? [{ place, plot, matrix: readConfusion(plot) }] : [],
    ),
  );
  const [first, second] = found;
  if (!first) {
    return (
      <Empty title="No confusion matrix is recorded in these runs">
        <p>
          Ultralytics counts it when it evaluates best.pt at the end of a training, unless it was told `plots=False`.
        </p>
      </Empty>
    );
  }
  const measure: Measure = query.get("norm") === "off" ? "counts" : "share";
  const isDifference = second !== undefined && query.get("diff") === "on";
  return (
    <>
      <div class="yolo-controls" role="group" aria-label="What is shown">
        <label>
          <input
            type="checkbox"
            checked={measure === "share"}
            onChange={() => {
              query.set({ norm: measure === "share" ? "off" : null });
            }}
          />{" "}
          Share of each true class (column)
        </label>
        {second ? (
          <label>
            <input
              type="checkbox"
              checked={isDifference}
              onChange={() => {
                query.set({ diff: isDifference ? null : "on" });
              }}
            />{" "}
            Difference: {second.place.run} less {first.place.run}
          </label>
        ) : null}
      </div>
      <div class="yolo-panels">
        {isDifference ? (
          <MatrixTable
            title={`${second.place.run} less ${first.place.run}`}
            {...difference(first.matrix, second.matrix, measure)}
            measure={measure}
            unit={first.matrix.unit}
            isDifference
          />
        ) : (
          found.map(({ place, plot, matrix }) => (
            <MatrixTable
              key={place.run + plot.name}
              title={`${place.run}${plot.step === null ? ", best.pt" : `, epoch ${plot.step}`}`}
              names={matrix.names}
              cells={measured(matrix, measure)}
              counts={matrix.counts}
              measure={measure}
              unit={matrix.unit}
            />
          ))
        )}
      </div>
    </>
  );
}

interface MatrixTableProps {
  title: string;
  names: readonly string[];
  cells: Cells;
  counts?: Cells;
  measure: Measure;
  unit: string;
  isDifference?: boolean;
}

const MOST_NAMES = 120;

/** A heat map that is a table; one cell has the focus, and the arrow keys move it. */
export function MatrixTable(props: MatrixTableProps) {
  const { title, names, cells, measure, unit, isDifference = false } = props;
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const shown = names.slice(0, MOST_NAMES);
  const isShort = shown.slice(0, -1).every((name) => name.length <= 3);
  const most = measure === "share" && !isDifference ? 1 : largest(cells);
  const press = (event: KeyboardEvent) => {
    const to = moved(event.key, at, shown.length);
    if (!to) return;
    event.preventDefault();
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-cell="${to[0]}-${to[1]}"]`)?.focus();
  };
  return (
    <figure class="yolo-chart yolo-matrix-figure">
      <figcaption>{title}</figcaption>
      <div class="yolo-matrix-scroll">
        <table
          class={isShort ? "yolo-matrix yolo-short" : "yolo-matrix"}
          role="grid"
          ref={table}
          aria-label={`Confusion matrix, ${title}`}
        >
          <thead>
            <tr>
              <th class="yolo-corner" scope="col">
                predicted <span aria-hidden="true">↓</span> true <span aria-hidden="true">→</span>
              </th>
              {shown.map((name) => (
                <th key={name} scope="col">
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((name, row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {shown.map((_, column) => {
                  const value = cells[row]?.[column] ?? null;
                  const strength = Math.min(Math.abs(value ?? 0) / most, 1);
                  return (
                    <td
                      key={column}
                      role="gridcell"
                      data-cell={`${row}-${column}`}
                      tabIndex={at[0] === row && at[1] === column ? 0 : -1}
                      class={`${row === column ? "yolo-diagonal" : ""} ${strength > 0.55 ? "yolo-strong" : ""}`}
                      style={{ "--heat": `${Math.round(strength * 100)}%`, "--hue": hueOf(value, isDifference) }}
                      onKeyDown={press}
                      onMouseEnter={() => {
                        setAt([row, column]);
                      }}
                      onFocus={() => {
                        setAt([row, column]);
                      }}
                    >
                      {cellText(value, measure, isDifference)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="yolo-note" aria-live="polite">
        {sentence(props, at, unit)}
      </p>
      {names.length > MOST_NAMES ? (
        <p class="yolo-note">
          The first {MOST_NAMES} of {names.length} classes are shown; all of them are in the plot&apos;s data file.
        </p>
      ) : null}
    </figure>
  );
}

function hueOf(value: number | null, isDifference: boolean): string {
  return isDifference && (value ?? 0) < 0 ? "var(--yolo-less)" : "var(--yolo-more)";
}

/** What the cell that is pointed at says, in words. */
function sentence(
  { names, cells, counts, measure, isDifference }: MatrixTableProps,
  [row, column]: readonly [number, number],
  unit: string,
): string {
  const value = cells[row]?.[column] ?? null;
  const what = `truly ${names[column] ?? "?"}, predicted as ${names[row] ?? "?"}`;
  if (value === null) return `There are no ${unit} ${what}.`;
  const count = counts?.[row]?.[column];
  const share = `${isDifference && value > 0 ? "+" : ""}${(value * 100).toFixed(1)}`;
  if (measure === "counts") return `${isDifference && value > 0 ? "+" : ""}${value} ${unit} ${what}.`;
  if (isDifference) return `${share} percentage points of the ${unit} ${what}.`;
  return `${share} % of the ${unit} of this true class: ${count ?? 0} ${what}.`;
}
