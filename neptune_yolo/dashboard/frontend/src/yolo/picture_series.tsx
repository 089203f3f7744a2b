/** A picture series with a slider over its steps, of one run or of several beside each other. */
import type { ComponentType } from "preact";
import { colourOf } from "../ui/colours";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { loadPictures, pictureAddress, placeKey, type PicturePoint, type RunPlace } from "./data";
import { useQueryState } from "../ui/query_state";
import { useSettled } from "./settled";
import { allSteps, pointAt, seriesPaths, stepPlace } from "./steps";
import { useRuns } from "./use_predictions";
import "./yolo.css";

export interface PointsOfRun {
  place: RunPlace;
  points: PicturePoint[];
}

/** Points of the same series of several runs; a run without it has none. `version` changes when there are more. */
export function usePoints(places: readonly RunPlace[], path: string, version: string) {
  return useLoad<PointsOfRun[]>(`${places.map(placeKey).join(" ")} ${path} ${version}`, (signal) =>
    Promise.all(places.map(async (place) => ({ place, points: await loadPictures(place, path, signal) }))),
  );
}

/** A series of the runs that have it; `version` changes when there are more pictures. */
export interface ChosenSeries {
  places: readonly RunPlace[];
  path: string;
  version: string;
}

/** All picture series of runs: a choice of the series, and what `View` makes of it. */
export function ChoosePictures({
  places,
  view: View,
}: {
  places: readonly RunPlace[];
  view: ComponentType<ChosenSeries>;
}) {
  const query = useQueryState();
  const found = useRuns(places, "");
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Loading what="the picture series" />;
  const paths = seriesPaths(found.value.runs.map((run) => run.attributes));
  const path = paths.find((one) => one === query.get("series")) ?? paths[0];
  if (path === undefined) return <NoSeries />;
  const having = found.value.runs.filter((run) => run.attributes.some((attribute) => attribute.path === path));
  const version = having
    .map((run) => run.attributes.find((attribute) => attribute.path === path)?.series?.count ?? 0)
    .join(" ");
  return (
    <>
      <div class="yolo-controls">
        <SeriesChoice paths={paths} path={path} />
      </div>
      <View places={having.map((run) => run.place)} path={path} version={version} />
    </>
  );
}

/** All picture series of runs, by step. */
export function PictureSeries({ places }: { places: readonly RunPlace[] }) {
  return <ChoosePictures places={places} view={SteppedPictures} />;
}

function NoSeries() {
  return (
    <Empty title="No picture series are recorded in these runs">
      <p>
        Trainings record their batches and validations by themselves; own pictures are added with
        {' run["path"].append(File(...), step=epoch)'}.
      </p>
    </Empty>
  );
}

function SeriesChoice({ paths, path }: { paths: readonly string[]; path: string }) {
  const query = useQueryState();
  return (
    <label>
      Series{" "}
      <select
        value={path}
        onChange={(event) => {
          query.set({ series: event.currentTarget.value, step: null });
        }}
      >
        {paths.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

/** One series with its slider; the run page and the compare page embed it. */
export function SteppedPictures({
  places,
  path,
  version = "",
}: {
  places: readonly RunPlace[];
  path: string;
  version?: string;
}) {
  const loaded = usePoints(places, path, version);
  const [chosen, setChosen] = useSettled("step");
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value) return <Loading what="the pictures" />;
  const steps = allSteps(loaded.value.map((run) => run.points));
  const at = stepPlace(steps, chosen);
  const step = steps[at];
  if (step === undefined) return <Empty title="This series has no pictures yet" />;
  return (
    <div class="yolo-series">
      <label class="yolo-slider yolo-wide">
        Step <b>{step}</b>
        <input
          type="range"
          min={0}
          max={steps.length - 1}
          value={at}
          disabled={steps.length < 2}
          aria-valuetext={`step ${step}`}
          onInput={(event) => {
            const wanted = Number(event.currentTarget.value);
            // At the newest one the slider goes on with the training, and the address says nothing.
            setChosen(wanted === steps.length - 1 ? null : String(steps[wanted]));
          }}
        />
      </label>
      <div class="yolo-panels">
        {loaded.value.map(({ place, points }) => {
          const point = pointAt(points, step);
          return (
            <figure key={placeKey(place)} class="yolo-panel">
              <figcaption>
                <span style={{ color: colourOf(place.run) }}>{place.run}</span>
                {point ? `, step ${point.step}` : ""} {point?.name ?? ""}
              </figcaption>
              {point ? (
                <img
                  class="yolo-recorded"
                  src={pictureAddress(place, path, point.step)}
                  alt={point.description ?? path}
                />
              ) : (
                <p class="yolo-note">No picture up to this step.</p>
              )}
            </figure>
          );
        })}
      </div>
    </div>
  );
}
