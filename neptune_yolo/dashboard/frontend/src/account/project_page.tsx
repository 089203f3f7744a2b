/** Settings of a project: description, who may see it, members. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { askJson, route, type Schemas } from "../api/client";
import { mayOwn } from "../app/rights";
import { useSession } from "../app/session";
import { VISIBILITIES, visibilityText } from "../projects/visibility";
import { Failed, Loading } from "../ui/states";
import { useTitle } from "../ui/title";
import { useAction } from "../ui/use_action";
import { useLoad } from "../ui/use_load";
import { ChoiceField } from "../ui/field";
import "./account.css";
import { DeleteProject } from "./delete_project";
import { Members } from "./members";
import { ActionProblem } from "./problem";

const ROLES = [
  ["viewer", "viewer: looks"],
  ["contributor", "contributor: logs and edits"],
  ["owner", "owner: everything, members too"],
] as const;

type Project = Schemas["ProjectView"];

export default function ProjectPage({ params }: { params: Record<string, string> }) {
  const workspace = params.workspace ?? "";
  const name = params.project ?? "";
  const path = route("projects", workspace, name);
  const session = useSession();
  const project = useLoad(path, (signal) => askJson<Project>(path, { signal }));
  useTitle(`Settings · ${workspace}/${name}`);
  if (!project.value) {
    return project.error ? <Failed error={project.error} retry={project.reload} /> : <Loading what="project" />;
  }
  const shared = session?.is_embedded === false;
  const isOwner = mayOwn(project.value.role);
  return (
    <div class="account">
      <h1>
        Settings of{" "}
        <Link href={route(workspace, name)}>
          {workspace}/{name}
        </Link>
      </h1>
      {isOwner ? (
        <Details key={path} path={path} project={project.value} shared={shared} onSaved={project.reload} />
      ) : (
        <>
          <p>{project.value.description || "No description."}</p>
          <p class="account-note">
            Who may see it: {visibilityText(project.value.visibility)}. You are{" "}
            {project.value.role === "contributor" ? "a contributor" : "a viewer"}; owners may change this page.
          </p>
        </>
      )}
      {shared ? <Members title="Members" path={`${path}/members`} roles={ROLES} canChange={isOwner} /> : null}
      {isOwner ? <DeleteProject path={path} project={project.value} /> : null}
    </div>
  );
}

interface DetailsProps {
  path: string;
  project: Project;
  shared: boolean;
  onSaved: () => void;
}

function Details({ path, project, shared, onSaved }: DetailsProps) {
  const [description, setDescription] = useState(project.description);
  const [visibility, setVisibility] = useState(project.visibility);
  const save = useAction();
  const changed = description !== project.description || visibility !== project.visibility;
  const submit = (event: Event) => {
    event.preventDefault();
    save.run(async () => {
      await askJson<Project>(path, { method: "PATCH", body: { description, visibility } });
      onSaved();
    });
  };
  return (
    <form class="account-form" onSubmit={submit}>
      <label>
        Description
        <textarea
          rows={4}
          maxLength={10000}
          value={description}
          onInput={(event) => {
            setDescription(event.currentTarget.value);
          }}
        />
      </label>
      {shared ? (
        <ChoiceField label="Who may see it" value={visibility} onValue={setVisibility}>
          {" "}
          {VISIBILITIES.map(([value, text, note]) => (
            <option key={value} value={value}>
              {text} {note}
            </option>
          ))}
        </ChoiceField>
      ) : null}
      <ActionProblem error={save.error} />
      <div>
        <button type="submit" class="primary" disabled={save.busy || !changed}>
          Save
        </button>
      </div>
    </form>
  );
}
