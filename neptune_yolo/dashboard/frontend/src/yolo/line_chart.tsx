/** Lines over a common range, with a crosshair. */
import { curvePath, FRAME, fromX, toX, toY, valueAt, type Line } from "./curve_geometry";

export interface Tick {
  /** Place in [0, 1]. */
  at: number;
  label: string;
}

export const SHARES: readonly Tick[] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, label: String(at) }));

export interface LineChartProps {
  lines: readonly Line[];
  label: string;
  xLabel: string;
  yLabel: string;
  xTicks: readonly Tick[];
  colour: (line: Line) => string;
  /** Key of the line that is pointed at in the table. */
  marked: string | null;
  /** Where the pointer is, in [0, 1]. */
  at: number | null;
  onAt: (at: number | null) => void;
}

/** x and y are in [0, 1]. */
export function LineChart({ lines, label, xLabel, yLabel, xTicks, colour, marked, at, onAt }: LineChartProps) {
  return (
    <svg
      viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
      role="img"
      aria-label={`${label}; the values are in the table below`}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onAt(fromX(((event.clientX - box.left) / box.width) * FRAME.width));
      }}
      onPointerLeave={() => {
        onAt(null);
      }}
    >
      <Axes {...{ xLabel, yLabel, xTicks }} />
      {lines.map((line) => (
        <path
          key={line.key}
          d={curvePath(line.x, line.y)}
          fill="none"
          style={{ stroke: colour(line) }}
          stroke-width={line.class === null ? 3 : 1.5}
          stroke-linejoin="round"
          opacity={marked === null || marked === line.key ? 1 : 0.2}
        />
      ))}
      {at === null ? null : (
        <g aria-hidden="true">
          <path class="yolo-crosshair" d={`M${toX(at)} ${toY(0)}V${toY(1)}`} />
          {lines.map((line) => {
            const value = valueAt(line, at);
            return value === null ? null : (
              <circle key={line.key} cx={toX(at)} cy={toY(value)} r={3} style={{ fill: colour(line) }} />
            );
          })}
        </g>
      )}
    </svg>
  );
}

function Axes({ xLabel, yLabel, xTicks }: Pick<LineChartProps, "xLabel" | "yLabel" | "xTicks">) {
  return (
    <g class="yolo-axes" aria-hidden="true">
      {SHARES.map(({ at, label }) => (
        <g key={at}>
          <path d={`M${toX(0)} ${toY(at)}H${toX(1)}`} />
          <text x={toX(0) - 6} y={toY(at) + 4} text-anchor="end">
            {label}
          </text>
        </g>
      ))}
      {xTicks.map(({ at, label }) => (
        <g key={at}>
          <path d={`M${toX(at)} ${toY(0)}V${toY(1)}`} />
          <text x={toX(at)} y={toY(0) + 15} text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
      <text x={toX(0.5)} y={FRAME.height - 4} text-anchor="middle">
        {xLabel}
      </text>
      <text transform={`translate(11 ${toY(0.5)}) rotate(-90)`} text-anchor="middle">
        {yLabel}
      </text>
    </g>
  );
}
