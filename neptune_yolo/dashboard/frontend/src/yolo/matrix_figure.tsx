/** One confusion matrix with what is pointed at in words, and its most frequent confusions beside it. */
import { useEffect, useMemo, useState } from "preact/hooks";

import { largest, searchedClass, type Confusion, type Measure } from "./confusion";
import { LargeMatrix } from "./large_matrix";
import { MatrixTable } from "./matrix_table";
import { Mistakes } from "./mistakes";

interface FigureProps {
  title: string;
  names: readonly string[];
  cells: readonly (readonly (number | null)[])[];
  measure: Measure;
  unit: string;
  find: string;
  /** Of a difference there is none. */
  matrix?: Confusion;
}

/** With more names, a table would have too many cells for a browser. */
const MOST_IN_TABLE = 81;

export function MatrixFigure(props: FigureProps) {
  const { title, names, cells, measure, find, matrix } = props;
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  useEffect(() => {
    const found = searchedClass(names, find);
    if (found !== null) setAt([found, found]);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a search moves it
  }, [find]);
  const isDifference = !matrix;
  const most = useMemo(
    () => (measure === "share" && !isDifference ? 1 : largest(cells)),
    [cells, measure, isDifference],
  );
  const View = names.length > MOST_IN_TABLE ? LargeMatrix : MatrixTable;
  return (
    <div class="yolo-matrix-pair">
      <figure class="yolo-chart yolo-matrix-figure">
        <figcaption>{title}</figcaption>
        <View {...{ title, names, cells, most, measure, isDifference, at }} onAt={setAt} />
        <p class="yolo-note" aria-live="polite">
          {sentence(props, at)}
        </p>
      </figure>
      {matrix ? <Mistakes {...{ title, matrix, find, at }} onAt={setAt} /> : null}
    </div>
  );
}

/** What the cell that is pointed at says, in words. */
function sentence(
  { names, cells, matrix, measure, unit }: FigureProps,
  [row, column]: readonly [number, number],
): string {
  const isDifference = !matrix;
  const value = cells[row]?.[column] ?? null;
  const what = `truly ${names[column] ?? "?"}, predicted as ${names[row] ?? "?"}`;
  if (value === null) return `There are no ${unit} ${what}.`;
  const count = matrix?.counts[row]?.[column];
  const share = `${isDifference && value > 0 ? "+" : ""}${(value * 100).toFixed(1)}`;
  if (measure === "counts") return `${isDifference && value > 0 ? "+" : ""}${value} ${unit} ${what}.`;
  if (isDifference) return `${share} percentage points of the ${unit} ${what}.`;
  return `${share} % of the ${unit} of this true class: ${count ?? 0} ${what}.`;
}
