/** One picture series of several runs: a row for each run, a column for each step. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { colourOf } from "../ui/colours";
import { Dialog } from "../ui/dialog";
import { Empty, Failed, Loading } from "../ui/states";
import { pictureAddress, placeKey, type RunPlace } from "./data";
import { ChoosePictures, usePoints, type ChosenSeries } from "./picture_series";
import { allSteps, thinnedSteps } from "./steps";
import "./matrix.css";
import "./yolo.css";

const MOST_COLUMNS = 12;

/** Runs by epochs, with a choice of the series. */
export function RunGrid({ places }: { places: readonly RunPlace[] }) {
  return <ChoosePictures places={places} view={Grid} />;
}

function Grid({ places, path, version }: ChosenSeries) {
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
