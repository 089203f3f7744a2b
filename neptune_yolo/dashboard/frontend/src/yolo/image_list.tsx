/** The recorded images, with how many objects of each status they have. */
import { fileAddress, type RunPlace } from "./data";
import type { ImagePredictions } from "./prediction_data";
import { count } from "./selection";
import type { View } from "./view";

interface ImageListProps {
  images: readonly ImagePredictions[];
  view: View;
  place: RunPlace | undefined;
  current: number;
  choose: (index: number) => void;
}

/** What a list says of an image: right, wrong and missed objects, or whether its class is right. */
function Facts({ image, view }: { image: ImagePredictions; view: View }) {
  if (image.classification) return <>{image.classification.correct ? "✓ right" : "✗ wrong"}</>;
  if (image.semantic) return <>mIoU {image.semantic.mean_iou.toFixed(2)}</>;
  if (image.depth) return <>δ₁ {image.depth.errors.delta1?.toFixed(2) ?? "–"}</>;
  const counts = count(image, view);
  return (
    <>
      <span class="yolo-tp">{counts.tp} TP</span> <span class="yolo-fp">{counts.fp} FP</span>{" "}
      <span class="yolo-fn">{counts.fn} FN</span>
    </>
  );
}

export function ImageList({ images, view, place, current, choose }: ImageListProps) {
  return (
    <nav class="yolo-images" aria-label="Images">
      <ul>
        {images.map((image) => (
          <li key={image.index}>
            <button
              type="button"
              aria-current={image.index === current ? "true" : undefined}
              onClick={() => {
                choose(image.index);
              }}
            >
              {place && image.picture_scale !== undefined ? (
                <img src={fileAddress(place, `predictions/images/${image.index}`)} alt="" loading="lazy" />
              ) : (
                <span class="yolo-no-picture" />
              )}
              <span class="yolo-image-name" title={image.file}>
                {image.name}
              </span>
              <span class="yolo-image-facts">
                <Facts image={image} view={view} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
