/** What is drawn on a picture, as a table. */
import { formatPlural } from "../ui/format";
import { STATUS_COLOURS } from "./drawing";
import { isTrue, markOf } from "./overlay";
import type { ImagePredictions } from "./prediction_data";
import { select, type Shown, type Status } from "./selection";
import type { View } from "./view";

const MEANING: Record<Status, string> = { tp: "TP", fp: "FP", fn: "FN", found: "found" };

export interface ObjectTableProps {
  image: ImagePredictions;
  view: View;
  marked: string | null;
  onMark: (mark: string | null) => void;
  /** Tells the objects of one picture from those of another. */
  prefix: string;
}

export function ObjectTable({ image, view, marked, onMark, prefix }: ObjectTableProps) {
  const { truth, predictions } = select(image, view);
  const missed = truth.filter((one) => one.status === "fn");
  const rows: Shown<{ name: string; confidence?: number; iou?: number }>[] = [...predictions, ...missed];
  const omitted = image.omitted_predictions + image.omitted_ground_truth;
  return (
    <>
      <table class="yolo-objects">
        <caption>
          {formatPlural(predictions.length, "prediction")}, {formatPlural(truth.length, "true object")}
        </caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Status</th>
            <th scope="col" class="yolo-number">
              Conf.
            </th>
            <th scope="col" class="yolo-number">
              IoU
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => {
            const mark = prefix + markOf(one);
            return (
              <tr
                key={mark}
                class={mark === marked ? "yolo-marked-row" : ""}
                onMouseEnter={() => {
                  onMark(mark);
                }}
                onMouseLeave={() => {
                  onMark(null);
                }}
              >
                <th scope="row">{one.object.name}</th>
                <td>
                  <span
                    class={isTrue(one.status) ? "yolo-swatch yolo-dashed" : "yolo-swatch"}
                    style={{ "--colour": STATUS_COLOURS[one.status] }}
                  />{" "}
                  {MEANING[one.status]}
                </td>
                <td class="yolo-number">{one.object.confidence?.toFixed(2) ?? ""}</td>
                <td class="yolo-number">{one.object.iou?.toFixed(2) ?? ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {omitted ? <p class="yolo-note">{omitted} more objects were not recorded, to bound the file.</p> : null}
    </>
  );
}
