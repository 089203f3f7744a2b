/** A piece of a run's line, as a legend shows it. */
import { colourOf } from "../ui/colours";

export function Swatch({ owner, dashes }: { owner: string; dashes: readonly number[] }) {
  return (
    <svg class="chart-swatch" viewBox="0 0 24 4" aria-hidden="true">
      <line x1="0" y1="2" x2="24" y2="2" style={{ stroke: colourOf(owner) }} stroke-dasharray={dashes.join(" ")} />
    </svg>
  );
}
