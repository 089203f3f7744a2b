/** Confusion matrices: counts or shares, of one run or the difference of two. */
import { useMemo } from "preact/hooks";

import { Empty, Failed, Loading } from "../ui/states";
import { difference, measured, readConfusion, searchedClass, type Confusion, type Measure } from "./confusion";
import type { RunPlace } from "./data";
import { MatrixFigure } from "./matrix_figure";
import { useQueryState, useQueryValue } from "../ui/query_state";
import type { MatrixFile } from "./curve_geometry";
import { usePlots } from "./use_plots";
import "./matrix.css";
import "./yolo.css";

const read = new WeakMap<MatrixFile, Confusion>();

/** The matrix of a plot, read once. */
function confusionOf(plot: MatrixFile): Confusion {
  const known = read.get(plot) ?? readConfusion(plot);
  read.set(plot, known);
  return known;
}

/** The confusion matrix of each run; of two runs also their difference. */
export function ConfusionMatrices({ places }: { places: readonly RunPlace[] }) {
  const query = useQueryState();
  const { byName, error, reload } = usePlots(places);
  const find = query.get("class") ?? "";
  if (error && !byName) return <Failed error={error} retry={reload} />;
  if (!byName) return <Loading what="the confusion matrix" />;
  const found = [...byName.values()].flatMap((plots) =>
    plots.flatMap(({ place, plot }) =>
      plot.kind === "confusion_matrix" ? [{ place, plot, matrix: confusionOf(plot) }] : [],
    ),
  );
  const [first, second] = found;
  if (!first) {
    return (
      <Empty title="No confusion matrix is recorded in these runs">
        <p>
          Ultralytics counts it when it evaluates best.pt at the end of a training, unless it was told `plots=False`.
        </p>
      </Empty>
    );
  }
  const measure: Measure = query.get("norm") === "off" ? "counts" : "share";
  const isDifference = second !== undefined && query.get("diff") === "on";
  return (
    <>
      <div class="yolo-controls" role="group" aria-label="What is shown">
        <label>
          <input
            type="checkbox"
            checked={measure === "share"}
            onChange={() => {
              query.set({ norm: measure === "share" ? "off" : null });
            }}
          />{" "}
          Share of each true class (column)
        </label>
        {second ? (
          <label>
            <input
              type="checkbox"
              checked={isDifference}
              onChange={() => {
                query.set({ diff: isDifference ? null : "on" });
              }}
            />{" "}
            Difference: {second.place.run} less {first.place.run}
          </label>
        ) : null}
        <ClassSearch names={first.matrix.names} />
      </div>
      <div class="yolo-matrices">
        {isDifference ? (
          <Difference first={first} second={second} {...{ measure, find }} />
        ) : (
          found.map((one) => <Matrix key={one.place.run + one.plot.name} one={one} {...{ measure, find }} />)
        )}
      </div>
    </>
  );
}

interface Found {
  place: RunPlace;
  plot: MatrixFile;
  matrix: Confusion;
}

interface Chosen {
  measure: Measure;
  find: string;
}

function Matrix({ one: { place, plot, matrix }, measure, find }: Chosen & { one: Found }) {
  const cells = useMemo(() => measured(matrix, measure), [matrix, measure]);
  const title = `${place.run}${plot.step === null ? ", best.pt" : `, epoch ${plot.step}`}`;
  return <MatrixFigure {...{ title, cells, measure, find, matrix }} names={matrix.names} unit={matrix.unit} />;
}

function Difference({ first, second, measure, find }: Chosen & { first: Found; second: Found }) {
  const { names, cells } = useMemo(
    () => difference(first.matrix, second.matrix, measure),
    [first.matrix, second.matrix, measure],
  );
  const title = `${second.place.run} less ${first.place.run}`;
  return <MatrixFigure {...{ title, names, cells, measure, find }} unit={first.matrix.unit} />;
}

/** Finds a class in the matrices and in the lists of confusions; the address keeps it. */
function ClassSearch({ names }: { names: readonly string[] }) {
  const [find, setFind] = useQueryValue("class");
  return (
    <label>
      Class{" "}
      <input
        type="search"
        list="yolo-classes"
        size={16}
        placeholder="Find a class"
        value={find}
        onInput={(event) => {
          setFind(event.currentTarget.value);
        }}
      />
      <datalist id="yolo-classes">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {find && searchedClass(names, find) === null ? <span class="yolo-note"> no such class</span> : null}
    </label>
  );
}
