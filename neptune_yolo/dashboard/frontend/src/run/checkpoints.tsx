/** The checkpoints of a run, and programs that use them. */
import { PREFIX } from "../api/client";
import { formatBytes, formatMoment, formatNumber } from "../ui/format";
import { Empty } from "../ui/states";
import { checkpointsOf, metricNames } from "./checkpoints_data";
import { Code } from "./parts";
import { fileRoute, type RunView } from "./run_data";
import { loadSnippet, resumeSnippet } from "./snippets";
import { useQueryValue } from "../ui/query_state";

const METRICS = 5;

export function CheckpointsPanel({ view }: { view: RunView }) {
  const { attributes, place } = view;
  const [wanted, setWanted] = useQueryValue("checkpoint");
  const checkpoints = checkpointsOf(attributes);
  const names = metricNames(checkpoints).slice(0, METRICS);
  const chosen = checkpoints.find((one) => one.name === wanted) ?? checkpoints[0];
  if (!chosen) {
    return (
      <Empty title="No checkpoints yet">
        <p>best.pt arrives during the training or at its end, as the checkpoint policy says.</p>
      </Empty>
    );
  }
  const isResumable = attributes.text("training/status") !== "completed";
  return (
    <>
      <div class="run-scroll">
        <table class="run-table" aria-label="Checkpoints">
          <thead>
            <tr>
              <th scope="col">Checkpoint</th>
              <th scope="col">Epoch</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">Size</th>
              <th scope="col">Saved</th>
              <th scope="col">
                <span class="visually-hidden">Download</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {checkpoints.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <label>
                    <input
                      type="radio"
                      name="checkpoint"
                      checked={one === chosen}
                      onChange={() => {
                        setWanted(one.name);
                      }}
                    />{" "}
                    {one.name}
                  </label>
                </th>
                <td>{one.epoch ?? "–"}</td>
                {names.map((name) => (
                  <td key={name}>{formatMetric(one.metrics.get(name))}</td>
                ))}
                <td>{one.sizeBytes === null ? "–" : formatBytes(one.sizeBytes)}</td>
                <td>{one.savedMs === null ? "–" : formatMoment(one.savedMs)}</td>
                <td>
                  <a href={PREFIX + fileRoute(place, one.path, "", true)} download aria-label={`Download ${one.name}`}>
                    Download
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>Load {chosen.name} in Python</h2>
      <Code text={loadSnippet(place, chosen.path)} what="program that loads the checkpoint" />
      <p class="run-note">
        The client reads its token from the environment. On the machine of the server,{" "}
        <code>eval &quot;$(neptune-yolo env)&quot;</code> sets it.
      </p>
      <h2>{isResumable ? "Go on with this training" : "This training is completed"}</h2>
      {isResumable ? (
        <Code text={resumeSnippet(place)} what="program that resumes the training" />
      ) : (
        <p class="run-note">
          There is nothing to resume. To train further, load a checkpoint and train it with{" "}
          <code>with_settings(with_id=&quot;{place.run}&quot;)</code>: its steps go on where the run ended.
        </p>
      )}
    </>
  );
}

function formatMetric(value: number | undefined): string {
  return value === undefined ? "–" : formatNumber(value);
}
