/** Data of the plots of runs: curves, confusion matrices and values of classes. */
import { useLoad } from "../ui/use_load";
import { readPlot, type PlotFile } from "./curve_geometry";
import { loadFile, placeKey, type RunPlace } from "./data";
import { useRuns } from "./use_predictions";

export const PLOT_DATA = "Plots/data/";

export interface PlotOfRun {
  place: RunPlace;
  plot: PlotFile;
}

/** The plots of each name, of all runs that have one; in the order of the runs. */
export function usePlots(places: readonly RunPlace[]) {
  const found = useRuns(places, PLOT_DATA);
  const files =
    found.value?.runs.flatMap(({ place, attributes }) =>
      attributes
        .filter((attribute) => attribute.file?.extension === "json")
        .map((attribute) => ({ place, path: attribute.path, sha256: attribute.file?.sha256 ?? "" })),
    ) ?? [];
  const key = files.map((file) => `${placeKey(file.place)} ${file.path} ${file.sha256}`).join("\n");
  const plots = useLoad<PlotOfRun[]>(key, (signal) =>
    Promise.all(files.map(async ({ place, path }) => ({ place, plot: readPlot(await loadFile(place, path, signal)) }))),
  );
  const isReady = found.value !== null && plots.value !== null && (plots.state !== "loading" || plots.value.length > 0);
  return {
    error: found.error ?? plots.error,
    reload: found.reload,
    byName: isReady ? grouped(plots.value ?? []) : null,
  };
}

function grouped(plots: readonly PlotOfRun[]): Map<string, PlotOfRun[]> {
  const byName = new Map<string, PlotOfRun[]>();
  for (const one of plots) byName.set(one.plot.name, [...(byName.get(one.plot.name) ?? []), one]);
  return byName;
}
