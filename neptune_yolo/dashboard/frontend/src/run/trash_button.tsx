/** Put a run into the trash, and take it out again. */
import { useState } from "preact/hooks";

import { askJson, route, type Schemas } from "../api/client";
import { Confirm } from "../ui/dialog";
import { useAction } from "../ui/use_action";
import type { RunView } from "./run_data";

export function TrashButton({ view, onChanged }: { view: RunView; onChanged: () => void }) {
  const [isAsked, setAsked] = useState(false);
  const action = useAction();
  const { head, place } = view;
  const { run } = place;
  if (head.role === "viewer") return null;
  const move = (to: "trash" | "restore") => {
    setAsked(false);
    action.run(async () => {
      const path = `${route("projects", place.workspace, place.project, "runs")}/${to}`;
      const { errors } = await askJson<Schemas["RunsChanged"]>(path, { method: "POST", body: { runs: [run] } });
      if (errors.length) throw new Error(errors.join(" "));
      onChanged();
    });
  };
  return (
    <>
      <button
        type="button"
        disabled={action.busy}
        onClick={() => {
          if (head.trashed) move("restore");
          else setAsked(true);
        }}
      >
        {head.trashed ? "Restore" : "Move to trash …"}
      </button>
      {action.error ? <span role="alert">{action.error.message}</span> : null}
      {isAsked ? (
        <Confirm
          title={`Move ${run} to the trash?`}
          action="Move to trash"
          onConfirm={() => {
            move("trash");
          }}
          onClose={() => {
            setAsked(false);
          }}
        >
          <p>
            It leaves the table of runs, and can be restored here or from the trash of the project.
            {head.state === "running" ? " Its program goes on, and what it logs is kept." : ""}
          </p>
        </Confirm>
      ) : null}
    </>
  );
}
