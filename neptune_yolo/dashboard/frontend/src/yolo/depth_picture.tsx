/** The picture that a training drew of true and predicted depth. */
import { useState } from "preact/hooks";

import { Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { loadPictures, pictureAddress, placeKey, type PicturePoint } from "./data";
import type { ImagePredictions } from "./prediction_data";
import { pointAt } from "./steps";
import type { LoadedEpoch } from "./use_predictions";
import { ZoomStage, type Zooming } from "./zoom_stage";

/** The picture of a validation: that of best.pt is the last one, whose step lies behind that of the last epoch. */
export function drawnPoint(points: readonly PicturePoint[], step: number, isFinal: boolean): PicturePoint | undefined {
  return isFinal ? points.at(-1) : pointAt(points, step);
}

export function DepthPicture({ run, image, ...zooming }: Zooming & { run: LoadedEpoch; image: ImagePredictions }) {
  const path = `predictions/pictures/${image.index}`;
  const { step, final } = run.data;
  const loaded = useLoad(`${placeKey(run.place)} ${path} ${final ? "final" : step}`, (signal) =>
    loadPictures(run.place, path, signal),
  );
  const [size, setSize] = useState<readonly [number, number]>([3 * image.width, image.height]);
  const isMissing = loaded.error?.status === 404;
  if (loaded.error && !isMissing) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value && !isMissing) return <Loading what="the picture" />;
  const point = drawnPoint(loaded.value ?? [], step, final);
  if (!point) return <p class="yolo-note">The training drew no picture of this depth.</p>;
  return (
    <figure class="yolo-panel">
      <figcaption>Picture, true depth and predicted depth, in metres and with one scale of colours</figcaption>
      <ZoomStage name={image.name} width={size[0]} height={size[1]} {...zooming}>
        <img
          src={pictureAddress(run.place, path, point.step)}
          alt={`${image.name}: picture, true depth and predicted depth`}
          decoding="async"
          draggable={false}
          onLoad={({ currentTarget }) => {
            setSize([currentTarget.naturalWidth, currentTarget.naturalHeight]);
          }}
        />
      </ZoomStage>
    </figure>
  );
}
