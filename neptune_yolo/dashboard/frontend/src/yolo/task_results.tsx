/** Results of tasks that find no single objects: classes of whole images, classes of pixels, depth. */
import { useEffect, useRef } from "preact/hooks";

import { formatNumber, formatShare } from "../ui/format";
import { classColour, colourClasses } from "./drawing";
import type { ClassMap, Classification, DepthResult, SemanticResult } from "./prediction_data";
import { ZoomStage, type Zooming } from "./zoom_stage";

export function ClassificationResult({ result }: { result: Classification }) {
  return (
    <div class="yolo-result">
      <p>
        True class: <b>{result.name}</b>{" "}
        <span class={result.correct ? "yolo-right" : "yolo-wrong"}>{result.correct ? "✓ right" : "✗ wrong"}</span>
      </p>
      <table>
        <caption class="visually-hidden">The likeliest classes</caption>
        <tbody>
          {result.top.map((score) => (
            <tr key={score.class} class={score.class === result.class ? "yolo-is-true" : ""}>
              <th scope="row">{score.name}</th>
              <td>
                <meter min={0} max={1} value={score.probability}>
                  {formatShare(score.probability)}
                </meter>
              </td>
              <td class="yolo-number">{formatShare(score.probability)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The classes of the pixels over the picture. */
export function MapOverlay({
  map,
  source,
  label,
  hidden,
  zoom,
  onZoom,
}: Zooming & {
  map: ClassMap;
  source: string | null;
  label: string;
  hidden: boolean;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isWanted = true;
    void drawMap(map, () => (isWanted ? canvas.current : null));
    return () => {
      isWanted = false;
    };
  }, [map]);
  return (
    <figure class="yolo-panel">
      <figcaption>{label}</figcaption>
      <ZoomStage name={label} width={map.width} height={map.height} zoom={zoom} onZoom={onZoom}>
        {source === null ? null : <img src={source} alt="" decoding="async" draggable={false} />}
        <canvas ref={canvas} width={map.width} height={map.height} hidden={hidden} role="img" aria-label={label} />
      </ZoomStage>
    </figure>
  );
}

async function drawMap(map: ClassMap, target: () => HTMLCanvasElement | null): Promise<void> {
  const bytes = Uint8Array.from(atob(map.png), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }), { colorSpaceConversion: "none" });
  const canvas = target();
  const context = canvas?.getContext("2d", { willReadFrequently: true });
  if (!canvas || !context) return;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  context.putImageData(new ImageData(colourClasses(pixels.data), canvas.width, canvas.height), 0, 0);
}

export function SemanticTable({ result }: { result: SemanticResult }) {
  return (
    <div class="yolo-result">
      <p>
        Mean IoU <b>{formatNumber(result.mean_iou, 3)}</b>, right pixels <b>{formatShare(result.pixel_accuracy)}</b>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="yolo-number">
              IoU
            </th>
            <th scope="col" class="yolo-number">
              True
            </th>
            <th scope="col" class="yolo-number">
              Predicted
            </th>
          </tr>
        </thead>
        <tbody>
          {result.classes.map((area) => (
            <tr key={area.class}>
              <th scope="row">
                <span class="yolo-swatch" style={{ background: classColour(area.class) }} /> {area.name}
              </th>
              <td class="yolo-number">{area.iou.toFixed(3)}</td>
              <td class="yolo-number">{formatShare(area.true_area)}</td>
              <td class="yolo-number">{formatShare(area.predicted_area)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function DepthTable({ result }: { result: DepthResult }) {
  return (
    <div class="yolo-result">
      <p>
        True depth from {formatNumber(result.nearest, 3)} m to {formatNumber(result.farthest, 3)} m, known of{" "}
        {result.known_pixels} pixels.
      </p>
      <table>
        <caption class="visually-hidden">Errors of the depth</caption>
        <tbody>
          {Object.entries(result.errors).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="yolo-number">{formatNumber(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
