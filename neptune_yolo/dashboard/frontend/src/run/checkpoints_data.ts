/** The checkpoints of a run. */
import type { Attributes } from "./run_data";
import { compareNames } from "./tree";

export interface Checkpoint {
  name: string;
  path: string;
  epoch: number | null;
  sizeBytes: number | null;
  savedMs: number | null;
  sha256: string;
  metrics: Map<string, number>;
}

const WEIGHTS = "weights/";

/** Checkpoints, `best` and `last` first, then by name. */
export function checkpointsOf(attributes: Attributes): Checkpoint[] {
  return attributes
    .below(WEIGHTS)
    .filter((one) => one.type === "file")
    .map((one) => {
      const name = one.path.slice(WEIGHTS.length);
      const about = `checkpoints/${name}/`;
      const metrics = attributes
        .below(`${about}metrics/`)
        .flatMap(({ path, value }): [string, number][] =>
          typeof value === "number" ? [[path.slice(`${about}metrics/`.length), value]] : [],
        );
      return {
        name,
        path: one.path,
        epoch: attributes.number(`${about}epoch`),
        sizeBytes: one.file ? one.file.size_bytes : attributes.number(`${about}size_bytes`),
        savedMs: attributes.number(`${about}saved_at`),
        sha256: one.file ? one.file.sha256 : "",
        metrics: new Map(metrics),
      };
    })
    .sort((one, other) => rank(one.name) - rank(other.name) || compareNames(one.name, other.name));
}

/** Names of all metrics of checkpoints: fitness first. */
export function metricNames(checkpoints: readonly Checkpoint[]): string[] {
  const names = new Set(checkpoints.flatMap((one) => [...one.metrics.keys()]));
  return [...names].sort((one, other) => (one === "fitness" ? -1 : other === "fitness" ? 1 : compareNames(one, other)));
}

function rank(name: string): number {
  const index = ["best", "last"].indexOf(name);
  return index < 0 ? 2 : index;
}
