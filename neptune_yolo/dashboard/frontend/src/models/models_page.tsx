/** The models of a project. */
import { Link } from "wouter-preact";

import { askJson, route, type Schemas } from "../api/client";
import { formatCount, formatMoment } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import "./models.css";
import { modelLink, versionLink } from "./links";
import { StageMark } from "./stage";
import { useLiveModels } from "./use_live_models";

type Model = Schemas["ModelHead"];
type Version = Schemas["VersionHead"];

export default function ModelsPage({ params }: { params: Record<string, string> }) {
  const { workspace = "", project = "" } = params;
  const path = `${route("projects", workspace, project)}/models`;
  const loaded = useLoad(path, (signal) => askJson<Schemas["ModelHeads"]>(path, { signal }));
  useLiveModels({ workspace, project }, loaded.reload);
  const models = loaded.value?.models;
  return (
    <div class="models-page">
      <h1>Models of {project}</h1>
      {loaded.error ? <Failed error={loaded.error} retry={loaded.reload} /> : null}
      {!models && !loaded.error ? <Loading what="the models" /> : null}
      {models?.length === 0 ? <NoModels /> : null}
      {models?.length ? (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it
        <div class="models-scroll" tabIndex={0} role="region" aria-label="Models">
          <table class="models-table" aria-label="Models">
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Name</th>
                <th scope="col">Versions</th>
                <th scope="col">Latest</th>
                <th scope="col">Production</th>
                <th scope="col">Staging</th>
                <th scope="col">Owner</th>
                <th scope="col">Created</th>
              </tr>
            </thead>
            <tbody>
              {models.map((model) => (
                <ModelRow key={model.sys_id} where={{ workspace, project }} model={model} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}

function ModelRow({ where, model }: { where: { workspace: string; project: string }; model: Model }) {
  const inStage = (stage: string) => model.staged.filter((version) => version.stage === stage);
  return (
    <tr>
      <th scope="row">
        <Link href={modelLink(where, model.sys_id)}>{model.sys_id}</Link>
      </th>
      <td>
        {model.name}
        {model.description ? <div class="models-note">{model.description}</div> : null}
        {model.tags.length ? <div class="models-note">{model.tags.join(", ")}</div> : null}
      </td>
      <td class="models-number">{formatCount(model.version_count)}</td>
      <td>
        <Versions where={where} model={model.sys_id} versions={model.latest ? [model.latest] : []} />
      </td>
      <td>
        <Versions where={where} model={model.sys_id} versions={inStage("production")} />
      </td>
      <td>
        <Versions where={where} model={model.sys_id} versions={inStage("staging")} />
      </td>
      <td>{model.owner}</td>
      <td class="models-number">{formatMoment(model.created_ms)}</td>
    </tr>
  );
}

interface VersionsProps {
  where: { workspace: string; project: string };
  model: string;
  versions: readonly Version[];
}

function Versions({ where, model, versions }: VersionsProps) {
  if (versions.length === 0) return <span class="models-note">—</span>;
  return (
    <ul class="models-plain">
      {versions.map((version) => (
        <li key={version.sys_id}>
          <Link href={versionLink(where, model, version.sys_id)}>{version.sys_id}</Link>{" "}
          <StageMark stage={version.stage} />
        </li>
      ))}
    </ul>
  );
}

function NoModels() {
  return (
    <Empty title="No models yet">
      <p>
        Let a training register its best checkpoint: <code>NeptuneSettings(register_model="DET")</code>, or make a model
        yourself with the Neptune client:
      </p>
      <pre>
        <code>{'import neptune\n\nmodel = neptune.init_model(key="DET", name="detector")\nmodel.stop()'}</code>
      </pre>
    </Empty>
  );
}
