/** Delete a project for ever; for its owners. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { ask, type Schemas } from "../api/client";
import { Dialog } from "../ui/dialog";
import { TextField } from "../ui/field";
import { formatPlural } from "../ui/format";
import { toast } from "../ui/toast";
import { useAction } from "../ui/use_action";
import { ActionProblem } from "./problem";

interface DeleteProjectProps {
  /** Path of the project in the API. */
  path: string;
  project: Schemas["ProjectView"];
}

export function DeleteProject({ path, project }: DeleteProjectProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <section>
      <h2>Delete the project</h2>
      <p class="account-note">
        With all its runs, models and files, for ever. To get rid of some runs only, move them to the trash in the table
        of runs.
      </p>
      <button
        type="button"
        class="danger"
        onClick={() => {
          setIsAsking(true);
        }}
      >
        Delete the project …
      </button>
      {isAsking ? (
        <Question
          path={path}
          project={project}
          onClose={() => {
            setIsAsking(false);
          }}
        />
      ) : null}
    </section>
  );
}

function Question({ path, project, onClose }: DeleteProjectProps & { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState("");
  const remove = useAction();
  const fullName = `${project.workspace}/${project.name}`;
  const submit = (event: Event) => {
    event.preventDefault();
    if (typed.trim() !== project.name) return;
    remove.run(async () => {
      await ask(path, { method: "DELETE" });
      toast(`${fullName} is deleted`);
      navigate("/");
    });
  };
  return (
    <Dialog title={`Delete ${fullName}?`} onClose={onClose}>
      <form class="account-form" onSubmit={submit}>
        <p class="account-loss">This is lost, and only a backup of the server can bring it back:</p>
        <ul class="account-loss">
          <li>
            {formatPlural(project.run_count, "run")}, and those in the trash, with all metrics, charts, pictures, logs
            and files;
          </li>
          <li>its models with their versions and stages;</li>
          <li>its saved views and charts, and who its members are.</li>
        </ul>
        {project.running_count ? (
          <p class="account-loss account-soon">
            {formatPlural(project.running_count, "run is", "runs are")} going on: what they log from now on will be
            refused. Their trainings go on.
          </p>
        ) : null}
        <TextField
          label={`To go on, type the name of the project: ${project.name}`}
          value={typed}
          autocomplete="off"
          autofocus
          required
          onValue={setTyped}
        />
        <ActionProblem error={remove.error} />
        <div class="account-buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={remove.busy || typed.trim() !== project.name}>
            {remove.busy ? "Deleting …" : "Delete for ever"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
