/** One picture series of several runs: a row for each run, a column for each step. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { colourOf } from "../ui/colours";
import { Dialog } from "../ui/dialog";
import { Empty, Failed, Loading } from "../ui/states";
import { pictureAddress, placeKey, type RunPlace } from "./data";
import { NoSeries, SeriesChoice, usePoints } from "./picture_series";
import { useQueryState } from "./query_state";
import { allSteps, seriesPaths, thinnedSteps } from "./steps";
import { useRuns } from "./use_predictions";
import "./yolo.css";

const MOST_COLUMNS = 12;

/** Runs by epochs, with a choice of the series. */
export function RunGrid({ places }: { places: readonly RunPlace[] }) {
  const query = useQueryState();
  const found = useRuns(places, "");
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Loading what="the pictures" />;
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
      <Grid places={having.map((run) => run.place)} path={path} version={version} />
    </>
  );
}

function Grid({ places, path, version }: { places: readonly RunPlace[]; path: string; version: string }) {
  const loaded = usePoints(places, path, version);
  const [open, setOpen] = useState<{ place: RunPlace; step: number } | null>(null);
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value) return <Loading what="the pictures" />;
  const steps = allSteps(loaded.value.map((run) => run.points));
  const columns = thinnedSteps(steps, MOST_COLUMNS);
  if (!columns.length) return <Empty title="This series has no pictures yet" />;
  return (
    <>
      {columns.length < steps.length ? (
        <p class="yolo-note">
          {columns.length} of {steps.length} steps are shown, evenly spread.
        </p>
      ) : null}
      <div class="yolo-matrix-scroll">
        <table class="yolo-grid" aria-label={`${path}: runs by steps`}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              {columns.map((step) => (
                <th key={step} scope="col">
                  {step}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {loaded.value.map(({ place, points }) => (
              <tr key={placeKey(place)}>
                <th scope="row">
                  <Link
                    href={`/${place.workspace}/${place.project}/e/${place.run}/pictures`}
                    style={{ color: colourOf(place.run) }}
                  >
                    {place.run}
                  </Link>
                </th>
                {columns.map((step) => (
                  <td key={step}>
                    {points.some((point) => point.step === step) ? (
                      <button
                        type="button"
                        aria-label={`${place.run}, step ${step}: enlarge`}
                        onClick={() => {
                          setOpen({ place, step });
                        }}
                      >
                        <img src={pictureAddress(place, path, step)} alt="" loading="lazy" />
                      </button>
                    ) : (
                      <span aria-label="no picture">–</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open ? (
        <Dialog
          title={`${open.place.run}, step ${open.step}`}
          wide
          onClose={() => {
            setOpen(null);
          }}
        >
          <img class="yolo-recorded" src={pictureAddress(open.place, path, open.step)} alt={path} />
        </Dialog>
      ) : null}
    </>
  );
}
