/** The most frequent confusions of a matrix, beside it. */
import { useMemo } from "preact/hooks";

import { topMistakes, type Confusion } from "./confusion";

const SHOWN = 30;

interface MistakesProps {
  title: string;
  matrix: Confusion;
  find: string;
  at: readonly [number, number];
  onAt: (at: readonly [number, number]) => void;
}

export function Mistakes({ title, matrix, find, at, onAt }: MistakesProps) {
  const { total, top } = useMemo(() => topMistakes(matrix, find, SHOWN), [matrix, find]);
  return (
    <div class="yolo-mistakes">
      <table aria-label={`Most frequent confusions, ${title}`}>
        <caption>Most frequent confusions</caption>
        <thead>
          <tr>
            <th scope="col">True</th>
            <th scope="col">Predicted</th>
            <th scope="col" class="yolo-number">
              Count
            </th>
            <th scope="col" class="yolo-number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {top.map(({ row, column, count, share }) => (
            <tr key={`${row} ${column}`} class={row === at[0] && column === at[1] ? "yolo-marked-row" : ""}>
              <th scope="row">
                <button
                  type="button"
                  class="plain"
                  title="Show it in the matrix"
                  onClick={() => {
                    onAt([row, column]);
                  }}
                >
                  {matrix.names[column]}
                </button>
              </th>
              <td>{matrix.names[row]}</td>
              <td class="yolo-number">{count}</td>
              <td class="yolo-number">{share === null ? "–" : `${(share * 100).toFixed(1)} %`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="yolo-note">
        {total === 0 ? (find ? "No confusion with such a class." : "No class is taken for another.") : null}
        {total > SHOWN ? `The ${SHOWN} most frequent of ${total} confusions.` : null}
      </p>
    </div>
  );
}
