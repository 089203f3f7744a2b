/** Metrics of single classes over the epochs, of one run or several. */
import { useState } from "preact/hooks";

import { colourOf } from "../ui/colours";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import {
  CLASS_METRICS,
  classLines,
  epochTicks,
  firstMetric,
  lowestClasses,
  metricsAndClasses,
  place,
  splitPath,
  stepRange,
  summary,
  type ClassSeries,
} from "./class_series";
import { MOST_CLASSES_AT_FIRST, valueAt, type Line } from "./curve_geometry";
import { loadSeries, placeKey, type RunPlace } from "./data";
import { classPaint } from "./drawing";
import { LineChart } from "./line_chart";
import { useQueryState } from "../ui/query_state";
import { useRuns } from "./use_predictions";
import { toggled } from "./view";
import "./yolo.css";

export function ClassMetrics({ places }: { places: readonly RunPlace[] }) {
  const query = useQueryState();
  const found = useRuns(places, CLASS_METRICS);
  const attributes = found.value?.runs.flatMap((run) => run.attributes) ?? [];
  const { metrics, names } = metricsAndClasses(attributes.map((attribute) => attribute.path));
  const metric = metrics.find((one) => one === query.get("metric")) ?? firstMetric(metrics);
  const wanted =
    found.value?.runs.flatMap(({ place: run, attributes: all }) =>
      all
        .filter((attribute) => splitPath(attribute.path)?.metric === metric)
        .map((attribute) => ({ place: run, path: attribute.path, count: attribute.series?.count ?? 0 })),
    ) ?? [];
  const key = wanted.map((one) => `${placeKey(one.place)} ${one.path} ${one.count}`).join("\n");
  const loaded = useLoad<ClassSeries[]>(key, async (signal) =>
    (await loadSeries(wanted, signal)).map((one) => ({ ...one, name: splitPath(one.path)?.name ?? one.path })),
  );
  const error = found.error ?? loaded.error;
  if (error) return <Failed error={error} retry={found.error ? found.reload : loaded.reload} />;
  if (!found.value || !loaded.value) return <Loading what="the metrics of the classes" />;
  if (metric === undefined) {
    return (
      <Empty title="No metrics of single classes are recorded in these runs">
        <p>A trainer of neptune_yolo writes them after each validation, for data sets of more than one class.</p>
      </Empty>
    );
  }
  return (
    <>
      <div class="yolo-controls">
        <label>
          Metric{" "}
          <select
            value={metric}
            onChange={(event) => {
              query.set({ metric: event.currentTarget.value });
            }}
          >
            {metrics.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ClassChart series={loaded.value} names={names} metric={metric} isOneRun={places.length === 1} />
    </>
  );
}

interface ClassChartProps {
  series: readonly ClassSeries[];
  names: readonly string[];
  metric: string;
  isOneRun: boolean;
}

const SEPARATOR = ",";

function ClassChart({ series, names, metric, isOneRun }: ClassChartProps) {
  const query = useQueryState();
  const [at, setAt] = useState<number | null>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const text = query.get("only");
  const shown =
    text === null
      ? lowestClasses(series, MOST_CLASSES_AT_FIRST)
      : new Set(text.split(SEPARATOR).map(decodeURIComponent));
  const range = stepRange(series);
  const lines = classLines(
    series.filter((one) => shown.has(one.name)),
    names,
    range,
  );
  const colour = (line: Line) => (isOneRun ? classPaint(line.class ?? 0) : colourOf(line.run));
  const rows = [...series].sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
  const toggle = (name: string) => {
    const chosen = [...toggled(shown, name)].map(encodeURIComponent);
    query.set({ only: chosen.join(SEPARATOR) });
  };
  const epoch = at === null ? null : Math.round(range.first + at * (range.last - range.first));
  return (
    <div class="yolo-class-metrics">
      <figure class="yolo-chart">
        <figcaption>
          {metric} <span class="yolo-note">over the epochs</span>
        </figcaption>
        <LineChart
          lines={lines}
          label={`${metric} of classes over the epochs`}
          xLabel="epoch"
          yLabel={metric}
          xTicks={epochTicks(range).map((tick) => ({ at: place(tick, range), label: String(tick) }))}
          {...{ colour, marked, at }}
          onAt={setAt}
        />
        {names.length > shown.size ? (
          <p class="yolo-note">
            {shown.size} of {names.length} classes are drawn. Choose others in the table.
          </p>
        ) : null}
      </figure>
      <div class="yolo-tables">
        <table class="yolo-table">
          <caption class="visually-hidden">{metric} of each class</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              {isOneRun ? null : <th scope="col">Run</th>}
              <th scope="col" class="yolo-number">
                {epoch === null ? "Last" : `Epoch ${epoch}`}
              </th>
              <th scope="col" class="yolo-number">
                Best
              </th>
              <th scope="col" class="yolo-number">
                at epoch
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => {
              const key = `${one.run} ${one.name}`;
              const line = lines.find((candidate) => candidate.key === key);
              const facts = summary(one);
              const value = at !== null && line ? valueAt(line, at) : facts.last;
              return (
                <tr
                  key={key}
                  class={marked === key ? "yolo-marked-row" : ""}
                  onMouseEnter={() => {
                    setMarked(line ? key : null);
                  }}
                  onMouseLeave={() => {
                    setMarked(null);
                  }}
                >
                  <th scope="row">
                    <label>
                      <input
                        type="checkbox"
                        checked={shown.has(one.name)}
                        onChange={() => {
                          toggle(one.name);
                        }}
                      />{" "}
                      <span class="yolo-swatch" style={{ "--colour": line ? colour(line) : "var(--line)" }} />{" "}
                      {one.name}
                    </label>
                  </th>
                  {isOneRun ? null : <td>{one.run}</td>}
                  <td class="yolo-number">{value?.toFixed(3) ?? "–"}</td>
                  <td class="yolo-number">{facts.best?.toFixed(3) ?? "–"}</td>
                  <td class="yolo-number">{facts.bestStep ?? "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
