/** The dialogue that makes a project. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { askJson, route, type Schemas } from "../api/client";
import { Dialog } from "../ui/dialog";
import { useAction } from "../ui/use_action";
import { useLoad } from "../ui/use_load";
import { ChoiceField, TextField } from "../ui/field";
import { nameProblem, VISIBILITIES } from "./visibility";

interface NewProjectProps {
  session: Schemas["SessionView"];
  onClose: () => void;
}

export function NewProject({ session, onClose }: NewProjectProps) {
  const [, navigate] = useLocation();
  const [workspace, setWorkspace] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [visibility, setVisibility] = useState("workspace");
  const create = useAction();
  const workspaces = useLoad("workspaces", (signal) => askJson<Schemas["WorkspaceList"]>("/workspaces", { signal }));
  const own = (workspaces.value?.workspaces ?? []).filter((entry) => entry.role !== null).map((entry) => entry.name);
  const chosen = workspace || (own.includes(session.default_workspace) ? session.default_workspace : (own[0] ?? ""));
  const problem = nameProblem(name) ?? nameProblem(chosen);
  const submit = (event: Event) => {
    event.preventDefault();
    if (problem) return;
    create.run(async () => {
      const body = { workspace: chosen.trim(), name: name.trim(), description, visibility };
      const made = await askJson<Schemas["ProjectView"]>("/projects", { method: "POST", body });
      navigate(route(made.workspace, made.name));
    });
  };
  return (
    <Dialog title="New project" onClose={onClose}>
      <form class="projects-form" onSubmit={submit}>
        <label>
          Workspace
          {session.is_admin ? (
            <>
              <input
                value={chosen}
                list="projects-workspaces"
                required
                onInput={(event) => {
                  setWorkspace(event.currentTarget.value);
                }}
              />
              <datalist id="projects-workspaces">
                {own.map((entry) => (
                  <option key={entry} value={entry} />
                ))}
              </datalist>
            </>
          ) : (
            <select
              value={chosen}
              onChange={(event) => {
                setWorkspace(event.currentTarget.value);
              }}
            >
              {own.map((entry) => (
                <option key={entry} value={entry}>
                  {entry}
                </option>
              ))}
            </select>
          )}
        </label>
        {workspaces.state === "ready" && !own.length && !session.is_admin ? (
          <p class="projects-note">You are no member of a workspace: ask an owner of one to add you.</p>
        ) : null}
        <TextField label="Name" value={name} maxLength={128} required onValue={setName} />
        <label>
          Description
          <textarea
            rows={3}
            maxLength={10000}
            value={description}
            onInput={(event) => {
              setDescription(event.currentTarget.value);
            }}
          />
        </label>
        <ChoiceField label="Who may see it" value={visibility} onValue={setVisibility}>
          {" "}
          {VISIBILITIES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </ChoiceField>
        {create.error ? (
          <p class="projects-error" role="alert">
            {create.error.message}
          </p>
        ) : null}
        <div class="projects-buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={create.busy || problem !== null}>
            Create the project
          </button>
        </div>
      </form>
    </Dialog>
  );
}
