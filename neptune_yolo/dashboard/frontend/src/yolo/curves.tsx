/** Precision-recall, F1, precision and recall over classes and runs. */
import { useState } from "preact/hooks";

import { colourOf } from "../ui/colours";
import { Empty, Failed, Loading } from "../ui/states";
import { firstClasses, linesOf, valueAt, type CurvesFile, type Line, type ValuesFile } from "./curve_geometry";
import type { RunPlace } from "./data";
import { classPaint } from "./drawing";
import { LineChart, SHARES } from "./line_chart";
import { readNumbers, useQueryState, writeNumbers } from "../ui/query_state";
import { usePlots } from "./use_plots";
import { toggled } from "./view";
import "./yolo.css";

interface CurvesOfRun {
  run: string;
  curves: CurvesFile;
}

/** All curves of runs. Classes are chosen for all of them together. */
export function Curves({ places }: { places: readonly RunPlace[] }) {
  const query = useQueryState();
  const { byName, error, reload } = usePlots(places);
  if (error && !byName) return <Failed error={error} retry={reload} />;
  if (!byName) return <Loading what="the curves" />;
  const charts = [...byName].flatMap(([name, plots]) => {
    const runs = plots.flatMap(({ place, plot }) => (plot.kind === "curves" ? [{ run: place.run, curves: plot }] : []));
    return runs.length ? [{ name, runs }] : [];
  });
  const values = [...byName.values()].flatMap((plots) =>
    plots.flatMap(({ place, plot }) => (plot.kind === "class_values" ? [{ run: place.run, values: plot }] : [])),
  );
  if (!charts.length && !values.length) {
    return (
      <Empty title="No curves are recorded in these runs">
        <p>
          Ultralytics draws them when it evaluates best.pt at the end of a training, unless it was told `plots=False`.
        </p>
      </Empty>
    );
  }
  const all = charts.flatMap((chart) => chart.runs.map((run) => run.curves));
  const text = query.get("classes");
  const runs = new Set(charts.flatMap((chart) => chart.runs.map(({ run }) => run)));
  const chosen = text === null ? firstClasses(all, runs.size) : readNumbers(text);
  const choose = (classes: Set<number>) => {
    query.set({ classes: writeNumbers(classes) ?? "none" });
  };
  return (
    <>
      {all.length ? <ClassChoice curves={all} chosen={chosen} choose={choose} /> : null}
      <div class="yolo-charts">
        {charts.map((chart) => (
          <CurveChart key={chart.name} runs={chart.runs} classes={chosen} />
        ))}
        {values.map((one) => (
          <ClassValues key={`${one.run} ${one.values.name}`} run={one.run} values={one.values} />
        ))}
      </div>
    </>
  );
}

function ClassChoice({
  curves,
  chosen,
  choose,
}: {
  curves: readonly CurvesFile[];
  chosen: ReadonlySet<number>;
  choose: (classes: Set<number>) => void;
}) {
  const names = new Map(
    curves.flatMap((one) =>
      one.class_index.map((index, row) => [index, one.class_names[row] ?? String(index)] as const),
    ),
  );
  const classes = [...names].sort(([one], [other]) => one - other);
  return (
    <div class="yolo-controls">
      <fieldset class="yolo-switches yolo-classes">
        <legend>Classes</legend>
        <button
          type="button"
          onClick={() => {
            choose(new Set(names.keys()));
          }}
        >
          All
        </button>
        <button
          type="button"
          onClick={() => {
            choose(new Set());
          }}
        >
          None
        </button>
        {classes.map(([index, name]) => (
          <button
            key={index}
            type="button"
            class="yolo-chip"
            aria-pressed={chosen.has(index)}
            onClick={() => {
              choose(toggled(chosen, index));
            }}
          >
            <span class="yolo-swatch" style={{ "--colour": classPaint(index) }} />
            {name}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Colours tell classes in one run; with several runs they tell the runs, and the mean is the bold line. */
function strokeOf(line: Line, isOneRun: boolean): string {
  if (!isOneRun) return colourOf(line.run);
  return line.class === null ? "var(--text)" : classPaint(line.class);
}

/** One plot with the curves of one or more runs. */
export function CurveChart({ runs, classes }: { runs: readonly CurvesOfRun[]; classes: ReadonlySet<number> }) {
  const [at, setAt] = useState<number | null>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const lines = runs.flatMap(({ run, curves }) => linesOf(run, curves, classes));
  const first = runs[0]?.curves;
  if (!first) return null;
  const isOneRun = runs.length === 1;
  return (
    <figure class="yolo-chart">
      <figcaption>
        {first.title} <span class="yolo-note">{first.step === null ? "of best.pt" : `at epoch ${first.step}`}</span>
      </figcaption>
      <LineChart
        lines={lines}
        label={first.title}
        xLabel={first.x_label}
        yLabel={first.y_label}
        xTicks={SHARES}
        colour={(line) => strokeOf(line, isOneRun)}
        {...{ marked, at }}
        onAt={setAt}
      />
      <LineTable {...{ lines, isOneRun, at, marked }} curves={first} onMark={setMarked} />
    </figure>
  );
}

interface LineTableProps {
  lines: readonly Line[];
  curves: CurvesFile;
  isOneRun: boolean;
  at: number | null;
  marked: string | null;
  onMark: (key: string | null) => void;
}

/** Legend and table in one: the score of each line, and its value where the pointer is. */
function LineTable({ lines, curves, isOneRun, at, marked, onMark }: LineTableProps) {
  return (
    <div class="yolo-legend">
      <table class="yolo-table">
        <caption class="visually-hidden">{curves.title}</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            {isOneRun ? null : <th scope="col">Run</th>}
            <th scope="col" class="yolo-number">
              {curves.score_label}
            </th>
            <th scope="col" class="yolo-number">
              {at === null ? "Pointed at" : `at ${at.toFixed(2)}`}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr
              key={line.key}
              class={line.key === marked ? "yolo-marked-row" : ""}
              onMouseEnter={() => {
                onMark(line.key);
              }}
              onMouseLeave={() => {
                onMark(null);
              }}
            >
              <th scope="row">
                <span class="yolo-swatch" style={{ "--colour": strokeOf(line, isOneRun) }} />{" "}
                {line.class === null ? <b>{line.label}</b> : line.label}
              </th>
              {isOneRun ? null : <td>{line.run}</td>}
              <td class="yolo-number">{line.score?.toFixed(3) ?? "–"}</td>
              <td class="yolo-number">{(at === null ? null : valueAt(line, at))?.toFixed(3) ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ClassValues({ run, values }: { run: string; values: ValuesFile }) {
  return (
    <figure class="yolo-chart">
      <figcaption>
        {values.title} <span class="yolo-note">{run}</span>
      </figcaption>
      <div class="yolo-legend yolo-tall">
        <table class="yolo-table">
          <caption class="visually-hidden">{values.title}</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" class="yolo-number">
                {values.unit}
              </th>
              <th scope="col" colSpan={2}>
                {values.value_label}
              </th>
            </tr>
          </thead>
          <tbody>
            {values.class_index.map((index, row) => {
              const value = values.values[row] ?? null;
              return (
                <tr key={index}>
                  <th scope="row">{values.class_names[row]}</th>
                  <td class="yolo-number">{values.labels[row]}</td>
                  <td>{value === null ? null : <meter min={0} max={1} value={value} aria-hidden="true" />}</td>
                  <td class="yolo-number">{value?.toFixed(3) ?? "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
