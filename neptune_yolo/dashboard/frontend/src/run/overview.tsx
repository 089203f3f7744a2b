/** What a run is and how far it has come, at a glance. */
import { Link } from "wouter-preact";

import { route } from "../api/client";
import { formatDuration, formatMoment, formatNumber, formatPlural } from "../ui/format";
import { Code, Copy, type Fact, Facts } from "./parts";
import { childrenOf, metricRows, progressOf, resumesOf, splitsOf } from "./overview_data";
import { runAddress, type RunView } from "./run_data";
import { commitOf } from "./source_data";

export function Overview({ view }: { view: RunView }) {
  const { head, attributes, place } = view;
  const description = head.description;
  return (
    <div class="run-overview">
      <Progress view={view} />
      {description ? <p class="run-description">{description}</p> : null}
      <div class="run-cards">
        <Metrics view={view} />
        <Facts title="Times" facts={times(view)} />
        <Facts title="Data set" facts={dataset(view)} />
        <Facts title="Model" facts={model(view)} />
        <Facts title="Machine" facts={machine(view)} />
        <Facts title="Git" facts={git(view)} />
        <Facts title="Lineage" facts={lineage(view)} />
        <Facts
          title="Resumed"
          facts={resumesOf(attributes).map((one): Fact => [
            one.at === null ? `No. ${one.key}` : formatMoment(one.at),
            one.text,
          ])}
        />
      </div>
      {attributes.text("environment/command") ? (
        <section class="run-card">
          <h2>Command</h2>
          <Code text={attributes.text("environment/command") ?? ""} what="command" />
        </section>
      ) : null}
      {attributes.all.length < 20 && !attributes.get("training/status") ? (
        <p class="run-note">
          No training was logged here. All that the run has is under{" "}
          <Link href={runAddress(place, "attributes")}>Attributes</Link>.
        </p>
      ) : null}
    </div>
  );
}

function Progress({ view }: { view: RunView }) {
  const progress = progressOf(view);
  const { attributes } = view;
  const reason = attributes.text("training/reason");
  const errors = attributes.text("training/log_errors");
  return (
    <>
      {progress ? (
        <div class="run-progress">
          <label>
            <span>
              Epoch {progress.done} of {progress.planned}
              {progress.leftMs === null ? "" : `, about ${formatDuration(progress.leftMs)} left`}
            </span>
            <progress value={progress.done} max={Math.max(progress.planned, 1)} />
          </label>
        </div>
      ) : null}
      {reason ? (
        <p class="run-warning" role="status">
          {reason}
        </p>
      ) : null}
      {errors ? <p class="run-warning">Errors of logging: {errors}</p> : null}
    </>
  );
}

function Metrics({ view }: { view: RunView }) {
  const rows = metricRows(view.attributes);
  if (!rows.length) return null;
  const hasFinal = rows.some((row) => row.final !== null);
  const number = (value: number | null) => (value === null ? "–" : formatNumber(value, 5));
  return (
    <section class="run-card">
      <h2>Metrics</h2>
      <table class="run-table run-metrics" aria-label="Metrics">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Best</th>
            <th scope="col">Last</th>
            {hasFinal ? <th scope="col">Final</th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" title={row.name}>
                {row.name}
              </th>
              <td>{number(row.best)}</td>
              <td>{number(row.last)}</td>
              {hasFinal ? <td>{number(row.final)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function times({ head, attributes }: RunView): Fact[] {
  const started = attributes.number("training/started_at");
  const ended = attributes.number("training/ended_at");
  const perEpoch = attributes.get("epoch/time_seconds")?.series?.mean;
  return [
    ["Started", formatMoment(started ?? head.created_ms, true)],
    ["Ended", ended === null ? null : formatMoment(ended, true)],
    ["Running time", formatDuration(head.running_ms)],
    ["One epoch", typeof perEpoch === "number" ? formatDuration(perEpoch * 1000) : null],
    ["Last change", formatMoment(head.modified_ms, true)],
    ["Last sign of life", head.pinged_ms > head.created_ms ? formatMoment(head.pinged_ms, true) : null],
  ];
}

function dataset({ attributes }: RunView): Fact[] {
  const hash = attributes.text("dataset/hash");
  const classes = attributes.number("dataset/nc");
  return [
    ["Name", attributes.text("dataset/name")],
    ["Folder", attributes.text("dataset/path")],
    ["Classes", classes],
    ...splitsOf(attributes).map(({ split, images, instances }): Fact => [
      split,
      formatPlural(images, "image") + (instances === null ? "" : `, ${formatPlural(instances, "instance")}`),
    ]),
    ["Version", hash ? <Hash text={hash} what="hash of the data set" /> : null],
    ["Changed at epoch", attributes.number("dataset/changed_at_epoch")],
  ];
}

function Hash({ text, what }: { text: string; what: string }) {
  return (
    <>
      <code title={text}>{text.slice(0, 12)}</code> <Copy text={text} what={what} />
    </>
  );
}

function model({ attributes, place }: RunView): Fact[] {
  const parameters = attributes.number("Configuration/Model/model/parameters");
  const flops = attributes.number("Configuration/Model/model/GFLOPs");
  const modelId = attributes.text("model_registry/model_id");
  const version = attributes.text("model_registry/version_id");
  return [
    ["Model", attributes.text("Configuration/Hyperparameters/model")],
    ["Task", attributes.text("Configuration/Hyperparameters/task")],
    ["Parameters", parameters === null ? null : `${formatNumber(parameters / 1e6, 3)} million`],
    ["Cost", flops === null ? null : `${formatNumber(flops, 3)} GFLOPs`],
    ["Image size", attributes.text("Configuration/Hyperparameters/imgsz")],
    ["Batch", attributes.text("Configuration/Hyperparameters/batch")],
    [
      "Registered as",
      modelId && version ? (
        <Link href={route(place.workspace, place.project, "m", modelId, "v", version)}>{version}</Link>
      ) : null,
    ],
  ];
}

function machine({ head, attributes }: RunView): Fact[] {
  const memory = attributes.number("environment/memory_gib");
  const gpus = attributes.below("environment/gpu/").filter((one) => one.path.endsWith("/name"));
  return [
    ["Owner", head.owner],
    ["Host", attributes.text("environment/host") ?? attributes.text("sys/hostname")],
    ["Device", attributes.text("environment/device")],
    ["GPU", gpus.length ? gpus.map((one) => String(one.value)).join(", ") : null],
    ["Processor", attributes.text("environment/cpu/name")],
    ["Memory", memory === null ? null : `${formatNumber(memory, 3)} GiB`],
    ["System", attributes.text("environment/os")],
    ["Python", attributes.text("environment/versions/python")],
    ["Ultralytics", attributes.text("environment/versions/ultralytics")],
    ["PyTorch", attributes.text("environment/versions/torch")],
    ["Folder", attributes.text("training/save_dir") ?? attributes.text("environment/working_directory")],
  ];
}

function git({ attributes }: RunView): Fact[] {
  const commit = commitOf(attributes);
  return [
    ["Branch", commit.branch],
    ["Commit", commit.id ? <Hash text={commit.id} what="commit" /> : null],
    ["Message", commit.message],
    ["Origin", commit.remotes.join(", ")],
    ["Working tree", commit.isDirty ? "with changes that are not committed" : null],
  ];
}

function lineage({ attributes, place }: RunView): Fact[] {
  const parent = attributes.text("lineage/parent");
  const children = childrenOf(attributes);
  const link = (run: string) => (
    <Link key={run} href={runAddress({ ...place, run })}>
      {run}
    </Link>
  );
  const comparison = `${route(place.workspace, place.project, "compare")}?runs=${children.map(encodeURIComponent).join(",")}`;
  const groups = attributes.get("sys/group_tags")?.value;
  return [
    ["Group tags", Array.isArray(groups) ? groups.join(", ") : null],
    ["Parent", parent ? link(parent) : null],
    ["Children", children.length ? <span class="run-links">{children.map(link)}</span> : null],
    ["", children.length > 1 ? <Link href={comparison}>Compare the children</Link> : null],
  ];
}
