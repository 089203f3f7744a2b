/** A model with its versions; one version with what it holds. */
import { Link } from "wouter-preact";

import { askJson, PREFIX, query, route, type Schemas } from "../api/client";
import { mayWrite } from "../app/rights";
import { textOf } from "../compare/facts";
import { CopyButton } from "../ui/copy_button";
import { formatBytes, formatMoment, formatNumber, formatPlural } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { loadSnippet, metricColumns, modelLink, type Project, readVersion, versionLink, weightsOf } from "./links";
import "./models.css";
import { StageChoice } from "./stage";
import { useLiveModels } from "./use_live_models";

type Version = Schemas["VersionView"];
type Model = Schemas["ModelView"];

const MAX_COLUMNS = 6;

export default function ModelPage({ params }: { params: Record<string, string> }) {
  const { workspace = "", project = "", model = "" } = params;
  const where = { workspace, project };
  const path = `${route("projects", workspace, project)}/models${route(model)}`;
  const loaded = useLoad(path, (signal) => askJson<Model>(path, { signal }));
  useLiveModels(where, loaded.reload);
  const chosen = readVersion(params["*"]);
  if (loaded.error && !loaded.value) return <Failed error={loaded.error} retry={loaded.reload} />;
  const view = loaded.value;
  if (!view) return <Loading what="the model" />;
  const version = view.versions.find((known) => known.sys_id === chosen);
  return (
    <div class="models-page">
      <nav aria-label="Path" class="models-note">
        <Link href={route(workspace, project, "models")}>Models</Link> ›{" "}
        {chosen ? <Link href={modelLink(where, model)}>{model}</Link> : model}
        {chosen ? ` › ${chosen}` : ""}
      </nav>
      {chosen === null ? (
        <Overview where={where} view={view} reload={loaded.reload} />
      ) : version ? (
        <VersionDetails where={where} view={view} version={version} reload={loaded.reload} />
      ) : (
        <Empty title={`${model} has no version ${chosen}`}>
          It may be in the trash. <Link href={modelLink(where, model)}>See the versions of {model}</Link>
        </Empty>
      )}
    </div>
  );
}

interface Props {
  where: Project;
  view: Model;
  reload: () => void;
}

function Overview({ where, view, reload }: Props) {
  const { model, versions } = view;
  const columns = metricColumns(versions, MAX_COLUMNS);
  const ids = versions.slice(0, 10).map((version) => version.sys_id);
  return (
    <>
      <h1>
        {model.sys_id} <span class="models-name">{model.name}</span>
      </h1>
      {model.description ? <p>{model.description}</p> : null}
      <p class="models-note">
        {formatPlural(model.version_count, "version")} · made by {model.owner} on {formatMoment(model.created_ms)}
        {model.tags.length ? ` · ${model.tags.join(", ")}` : ""}
        {versions.length > 1 ? (
          <>
            {" · "}
            <Link href={`${route(where.workspace, where.project, "compare")}${query({ runs: ids.join(",") })}`}>
              Compare {versions.length > 10 ? "the newest 10 versions" : "the versions"}
            </Link>
          </>
        ) : null}
      </p>
      {versions.length === 0 ? (
        <Empty title="No versions yet">
          Make one with <code>neptune.init_model_version(model="{model.sys_id}")</code>, or train with{" "}
          <code>register_model="{model.sys_id}"</code>.
        </Empty>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it
        <div class="models-scroll" tabIndex={0} role="region" aria-label="Versions">
          <table class="models-table" aria-label="Versions">
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">Name</th>
                <th scope="col">Stage</th>
                {columns.map((path) => (
                  <th scope="col" key={path} class="models-number">
                    {path.slice("metrics/".length)}
                  </th>
                ))}
                <th scope="col">Run</th>
                <th scope="col" class="models-number">
                  Size
                </th>
                <th scope="col">Owner</th>
                <th scope="col">Created</th>
              </tr>
            </thead>
            <tbody>
              {versions.map((version) => (
                <tr key={version.sys_id}>
                  <th scope="row">
                    <Link href={versionLink(where, model.sys_id, version.sys_id)}>{version.sys_id}</Link>
                  </th>
                  <td>{nameOf(version)}</td>
                  <td>
                    <StageOf where={where} version={version} view={view} reload={reload} />
                  </td>
                  {columns.map((path) => (
                    <td key={path} class="models-number">
                      {numberText(version, path)}
                    </td>
                  ))}
                  <td>
                    <RunLink where={where} run={version.run} none="—" />
                  </td>
                  <td class="models-number">{formatBytes(version.size_bytes)}</td>
                  <td>{version.owner}</td>
                  <td class="models-number">{formatMoment(version.created_ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function StageOf({ where, version, view, reload }: Props & { version: Version }) {
  return (
    <StageChoice
      where={where}
      version={version.sys_id}
      stage={version.stage}
      mayChange={mayWrite(view.role)}
      onChanged={reload}
    />
  );
}

function RunLink({ where, run, none }: { where: Props["where"]; run: string | null; none: string }) {
  return run ? <Link href={route(where.workspace, where.project, "e", run)}>{run}</Link> : <>{none}</>;
}

function numberText(version: Version, path: string): string {
  const value = version.attributes.find((attribute) => attribute.path === path)?.value;
  return typeof value === "number" ? formatNumber(value) : "—";
}

function VersionDetails({ where, version, view, reload }: Props & { version: Version }) {
  const weights = weightsOf(version.attributes);
  const files = version.attributes.filter((attribute) => attribute.file);
  const values = version.attributes.filter((attribute) => !attribute.file);
  return (
    <>
      <h1>
        {version.sys_id} <span class="models-name">{nameOf(version)}</span>
      </h1>
      {version.description ? <p>{version.description}</p> : null}
      <dl class="models-facts">
        <dt>Stage</dt>
        <dd>
          <StageOf where={where} version={version} view={view} reload={reload} />
        </dd>
        <dt>Run</dt>
        <dd>
          <RunLink where={where} run={version.run} none="it does not say (run/id)" />
        </dd>
        <dt>Made</dt>
        <dd>
          by {version.owner} on {formatMoment(version.created_ms)}
        </dd>
        {version.tags.length ? (
          <>
            <dt>Tags</dt>
            <dd>{version.tags.join(", ")}</dd>
          </>
        ) : null}
        <dt>Size</dt>
        <dd>{formatBytes(version.size_bytes)}</dd>
      </dl>
      {weights?.file ? (
        <Snippet text={loadSnippet(where, version.sys_id, weights.path, weights.file.extension)} />
      ) : null}
      {files.length ? (
        <table class="models-table">
          <caption>Files</caption>
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col">Kind</th>
              <th scope="col" class="models-number">
                Size
              </th>
              <th scope="col">SHA-256</th>
              <th scope="col">
                <span class="visually-hidden">Download</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ path, type, file }) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td>{type === "fileSet" ? "file set" : file?.extension}</td>
                <td class="models-number">{formatBytes(file?.size_bytes ?? 0)}</td>
                <td>{file?.sha256 ? <code title={file.sha256}>{file.sha256.slice(0, 12)}</code> : "—"}</td>
                <td>
                  <a href={fileAddress(where, version.sys_id, path, type === "fileSet")} download>
                    {type === "fileSet" ? "Download (zip)" : "Download"}
                    <span class="visually-hidden"> {path}</span>
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <table class="models-table">
        <caption>Attributes</caption>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {values.map((attribute) => (
            <tr key={attribute.path}>
              <th scope="row">{attribute.path}</th>
              <td>{textOf(attribute, attribute.type)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function fileAddress(where: Project, version: string, path: string, isSet: boolean): string {
  const run = route("projects", where.workspace, where.project, "runs", version);
  return PREFIX + run + (isSet ? `/file-set/archive${query({ path })}` : `/file${query({ path, download: true })}`);
}

function Snippet({ text }: { text: string }) {
  return (
    <section class="models-snippet" aria-label="Load it in Python">
      <header>
        <h2>Load it in Python</h2>
        <CopyButton text={text} label="Copy the program" />
      </header>
      <pre>
        <code>{text}</code>
      </pre>
    </section>
  );
}

/** What the client calls a version that nobody has named says nothing. */
function nameOf(version: Version): string {
  return version.name === "Untitled" ? "" : version.name;
}
