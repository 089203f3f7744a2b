/** Views that were saved under a name, for everybody in the project. */
import { useState } from "preact/hooks";

import { ApiError } from "../api/client";
import { useMayWrite } from "../app/rights";
import { Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { PopMenu } from "./pop_menu";
import { deleteView, listViews, type Project, saveView } from "./runs_api";

interface Props {
  project: Project;
  /** The present view, as the address says it. */
  address: string;
  onOpen: (address: string) => void;
}

export function ViewsMenu(props: Props) {
  return <PopMenu label="Views">{(close) => <ViewsPanel {...props} close={close} />}</PopMenu>;
}

function ViewsPanel({ project, address, onOpen, close }: Props & { close: () => void }) {
  const views = useLoad(JSON.stringify(project), (signal) => listViews(project, signal));
  const mayEdit = useMayWrite();
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<ApiError | null>(null);
  const act = (work: Promise<unknown>) => {
    work.then(
      () => {
        setProblem(null);
        setName("");
        views.reload();
      },
      (error: unknown) => {
        setProblem(error instanceof ApiError ? error : new ApiError(0, String(error)));
      },
    );
  };
  const failed = problem ?? views.error;
  return (
    <div class="runs-menu">
      {mayEdit ? (
        <form
          class="runs-save"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) act(saveView(project, name.trim(), address));
          }}
        >
          <input
            aria-label="Name of the view"
            placeholder="Save this view as …"
            maxLength={128}
            value={name}
            onInput={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <button type="submit" disabled={!name.trim()}>
            Save
          </button>
        </form>
      ) : null}
      {failed ? <Failed error={failed} /> : null}
      {views.value ? null : <Loading what="views" />}
      {views.value?.length === 0 ? <p>Nobody has saved a view yet.</p> : null}
      <ul class="runs-names">
        {views.value?.map((view) => (
          <li key={view.id}>
            <button
              type="button"
              class="runs-open runs-clip"
              title={`Saved by ${view.owner}`}
              onClick={() => {
                close();
                const saved = view.content.query;
                onOpen(typeof saved === "string" ? saved : "");
              }}
            >
              {view.name}
            </button>
            {mayEdit ? (
              <button
                type="button"
                aria-label={`Delete view ${view.name}`}
                onClick={() => {
                  act(deleteView(project, view.id));
                }}
              >
                ×
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
