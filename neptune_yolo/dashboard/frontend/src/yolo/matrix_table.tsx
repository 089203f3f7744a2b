/** A confusion matrix of not too many classes, as a table. */
import { useRef } from "preact/hooks";

import { cellText, moved, type Measure } from "./confusion";

interface MatrixTableProps {
  title: string;
  names: readonly string[];
  cells: readonly (readonly (number | null)[])[];
  /** The value that has the full colour. */
  most: number;
  measure: Measure;
  isDifference: boolean;
  at: readonly [number, number];
  onAt: (at: readonly [number, number]) => void;
}

/** A heat map that is a table; one cell has the focus, and the arrow keys move it. */
export function MatrixTable(props: MatrixTableProps) {
  const { title, names: shown, cells, most, measure, isDifference, at, onAt: setAt } = props;
  const table = useRef<HTMLTableElement>(null);
  const isShort = shown.slice(0, -1).every((name) => name.length <= 3);
  const press = (event: KeyboardEvent) => {
    const to = moved(event.key, at, shown.length);
    if (!to) return;
    event.preventDefault();
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-cell="${to[0]}-${to[1]}"]`)?.focus();
  };
  return (
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
  );
}

function hueOf(value: number | null, isDifference: boolean): string {
  return isDifference && (value ?? 0) < 0 ? "var(--yolo-less)" : "var(--yolo-more)";
}
