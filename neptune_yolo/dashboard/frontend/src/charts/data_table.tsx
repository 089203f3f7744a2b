/** The numbers behind a chart, for whoever does not look at pictures. */
import { useState } from "preact/hooks";

import { formatNumber } from "../ui/format";
import type { Line } from "./lines";
import { AXIS_LABELS, xText } from "./plot";
import type { ChartSettings } from "./settings";

/** Points of each line in the table; the CSV has all. */
const ROWS = 25;

export function DataTable({
  title,
  lines,
  settings,
}: {
  title: string;
  lines: readonly Line[];
  settings: ChartSettings;
}) {
  const [open, setOpen] = useState(false);
  const hasRange = lines.some((line) => line.behind?.kind === "band");
  return (
    <details
      class="chart-data"
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>Data table</summary>
      {open ? (
        <div class="chart-scroll">
          <table>
            <caption class="visually-hidden">
              {title}: up to {ROWS} points of each line
            </caption>
            <thead>
              <tr>
                <th scope="col">line</th>
                <th scope="col">{AXIS_LABELS[settings.x]}</th>
                <th scope="col">{hasRange ? "mean" : "value"}</th>
                {hasRange ? (
                  <>
                    <th scope="col">lowest</th>
                    <th scope="col">highest</th>
                  </>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {lines.flatMap((line) =>
                chosen(line.x.length).map((index) => (
                  <tr key={`${line.key} ${index}`}>
                    <th scope="row">{line.label}</th>
                    <td>{xText(line.x[index] ?? NaN, settings)}</td>
                    <td>{formatNumber(line.y[index] ?? NaN)}</td>
                    {hasRange ? <RangeCells line={line} index={index} /> : null}
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  );
}

/** Between which the points lie that a mean stands for; a point by itself has no range. */
function RangeCells({ line: { behind }, index }: { line: Line; index: number }) {
  const edges = behind?.kind === "band" ? [behind.low, behind.high] : [];
  return (
    <>
      {[0, 1].map((edge) => (
        <td key={edge}>{edges[edge] ? formatNumber(edges[edge][index] ?? NaN) : ""}</td>
      ))}
    </>
  );
}

/** Up to `ROWS` positions among so many, first and last included. */
export function chosen(count: number): number[] {
  if (count <= ROWS) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: ROWS }, (_, index) => Math.round((index * (count - 1)) / (ROWS - 1)));
}
