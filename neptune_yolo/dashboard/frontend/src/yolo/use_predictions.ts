/** Which validations a run has recorded, and the data of one of them. */
import { useEffect } from "preact/hooks";

import { useLoad } from "../ui/use_load";
import { loadAttributes, loadFile, loadHead, placeKey, type FoundAttribute, type RunPlace } from "./data";
import { readPredictions, recordedEpochs, type PredictionData, type RecordedEpoch } from "./prediction_data";

const REFRESH_MS = 10_000;

export interface Recorded {
  place: RunPlace;
  attributes: FoundAttribute[];
  epochs: RecordedEpoch[];
}

/** Attributes of runs below a prefix; asked for again while one of the runs is running. */
export function useRuns(places: readonly RunPlace[], prefix: string) {
  const key = `${prefix} ${places.map(placeKey).join(" ")}`;
  const found = useLoad(key, async (signal) => {
    const runs = await Promise.all(
      places.map(async (place) => {
        const [attributes, head] = await Promise.all([loadAttributes(place, prefix, signal), loadHead(place, signal)]);
        return { place, attributes, isRunning: head.state === "running" };
      }),
    );
    return { key, runs };
  });
  const { reload } = found;
  const isRunning = found.value?.runs.some((run) => run.isRunning) ?? false;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `reload` is another function after each rendering
  }, [isRunning, key]);
  return found.value?.key === key ? found : { ...found, value: null };
}

/** Recorded validations of runs. */
export function useRecorded(places: readonly RunPlace[]) {
  const found = useRuns(places, "predictions/");
  const recorded: Recorded[] | null =
    found.value?.runs.map(({ place, attributes }) => ({
      place,
      attributes,
      epochs: recordedEpochs(attributes.map((attribute) => attribute.path)),
    })) ?? null;
  return { ...found, recorded };
}

export interface LoadedEpoch {
  place: RunPlace;
  epoch: RecordedEpoch;
  data: PredictionData;
}

/** The data of a validation of each run; that of before stays until it is there. */
export function useEpochs(wanted: readonly { recorded: Recorded; epoch: RecordedEpoch }[]) {
  const hash = ({ recorded, epoch }: { recorded: Recorded; epoch: RecordedEpoch }) =>
    recorded.attributes.find((attribute) => attribute.path === epoch.path)?.file?.sha256 ?? "";
  const key = wanted.map((one) => `${placeKey(one.recorded.place)} ${one.epoch.key} ${hash(one)}`).join("\n");
  return useLoad<LoadedEpoch[]>(key, (signal) =>
    Promise.all(
      wanted.map(async ({ recorded: { place }, epoch }) => ({
        place,
        epoch,
        data: readPredictions(await loadFile(place, epoch.path, signal)),
      })),
    ),
  );
}
