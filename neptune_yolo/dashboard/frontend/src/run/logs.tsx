/** What a run's program printed, and other series of texts, followed while it is at work. */
import { Empty } from "../ui/states";
import { Log } from "./log";
import { logSeries } from "./logs_data";
import type { RunView } from "./run_data";
import { useQueryValue } from "../ui/query_state";

export function LogsPanel({ view }: { view: RunView }) {
  const [wanted, setWanted] = useQueryValue("path", "push");
  const series = logSeries(view.attributes);
  const path = series.find((one) => one === wanted) ?? series[0];
  if (path === undefined) {
    return (
      <Empty title="Nothing was printed">
        <p>The client captures stdout and stderr of a program unless it was told not to.</p>
      </Empty>
    );
  }
  return (
    <>
      <div class="run-tools">
        <label>
          Log{" "}
          <select
            value={path}
            onChange={(event) => {
              setWanted(event.currentTarget.value);
            }}
          >
            {series.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Log key={path} place={view.place} path={path} isLive={view.head.state === "running"} />
    </>
  );
}
