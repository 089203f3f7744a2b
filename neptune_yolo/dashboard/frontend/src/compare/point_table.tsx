/** The values behind a chart, as a table that can be sorted. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { splitPath } from "./facts";
import type { Point } from "./points";
import { type Project, runLink } from "./requests";

const SHOWN = 200;

interface Props {
  where: Project;
  points: readonly Point[];
  paths: readonly string[];
  caption: string;
}

export function PointTable({ where, points, paths, caption }: Props) {
  const [order, setOrder] = useState<{ column: number; up: boolean } | null>(null);
  const sorted = order ? [...points].sort((one, other) => compareAt(one, other, order.column, order.up)) : points;
  return (
    <details class="compare-details" open={points.length <= 30}>
      <summary>
        {caption} ({points.length} {points.length === 1 ? "run" : "runs"})
      </summary>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it */}
      <div class="compare-scroll compare-low" tabIndex={0} role="region" aria-label={caption}>
        <table class="compare-table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              {paths.map((path, at) => (
                <th
                  scope="col"
                  key={path}
                  aria-sort={order?.column === at ? (order.up ? "ascending" : "descending") : "none"}
                >
                  <button
                    type="button"
                    class="compare-link"
                    title={path}
                    onClick={() => {
                      setOrder({ column: at, up: order?.column === at ? !order.up : false });
                    }}
                  >
                    {splitPath(path)[1]}
                    {order?.column === at ? (order.up ? " ▲" : " ▼") : ""}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, SHOWN).map((point) => (
              <tr key={point.run}>
                <th scope="row">
                  <Link href={runLink(where, point.run)}>{point.run}</Link>{" "}
                  <span class="compare-note">{point.name}</span>
                </th>
                {paths.map((path, at) => (
                  <td key={path} class="compare-number">
                    {point.texts[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {points.length > SHOWN ? <p class="compare-note">The first {SHOWN} are shown.</p> : null}
    </details>
  );
}

/** Runs without a value come last either way. */
function compareAt(one: Point, other: Point, column: number, up: boolean): number {
  const [left, right] = [one.numbers[column] ?? null, other.numbers[column] ?? null];
  if (left === null || right === null) {
    if (left !== right) return left === null ? 1 : -1;
    return (one.texts[column] ?? "").localeCompare(other.texts[column] ?? "");
  }
  return up ? left - right : right - left;
}
