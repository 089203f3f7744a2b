/** What can be done with the runs that are selected. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { ApiError } from "../api/client";
import { useMayWrite } from "../app/rights";
import { Confirm } from "../ui/dialog";
import { formatPlural } from "../ui/format";
import { PopMenu } from "./pop_menu";
import { changeRun, moveRuns, type Project } from "./runs_api";
import { tagsOf } from "./tags";

type Action = "trash" | "restore" | "delete";

const DONE: Record<Action, string> = { trash: "moved to the trash", restore: "restored", delete: "deleted for ever" };

interface Props {
  project: Project;
  selected: string[];
  isTrash: boolean;
  onClear: () => void;
  onDone: (message: string) => void;
}

export function SelectionBar({ project, selected, isTrash, onClear, onDone }: Props) {
  const [asked, setAsked] = useState<Action | null>(null);
  const mayEdit = useMayWrite();
  const home = `/${encodeURIComponent(project.workspace)}/${encodeURIComponent(project.project)}`;
  const runs = selected.join(",");
  const count = formatPlural(selected.length, "run");
  const act = (action: Action) => {
    setAsked(null);
    moveRuns(project, action, selected).then(
      ({ changed, errors }) => {
        onDone([`${formatPlural(changed.length, "run")} ${DONE[action]}.`, ...errors].join(" "));
      },
      (error: unknown) => {
        onDone(error instanceof ApiError ? error.message : String(error));
      },
    );
  };
  return (
    <div class="runs-selection" role="group" aria-label="Selected runs">
      <span>{count} selected</span>
      {isTrash && mayEdit ? (
        <>
          <button
            type="button"
            onClick={() => {
              act("restore");
            }}
          >
            Restore
          </button>
          <button
            type="button"
            onClick={() => {
              setAsked("delete");
            }}
          >
            Delete for ever
          </button>
        </>
      ) : null}
      {isTrash ? null : (
        <>
          <Link class="runs-button" href={`${home}/compare?runs=${runs}`}>
            Compare
          </Link>
          <Link class="runs-button" href={`${home}/charts?runs=${runs}`}>
            Charts
          </Link>
          {mayEdit ? (
            <button
              type="button"
              onClick={() => {
                setAsked("trash");
              }}
            >
              Move to trash
            </button>
          ) : null}
        </>
      )}
      {mayEdit ? (
        <PopMenu label="Tag">
          {(close) => (
            <TagForm
              count={count}
              onTag={(tags) => {
                close();
                Promise.all(selected.map((run) => changeRun(project, run, { add_tags: tags }))).then(
                  () => {
                    onDone(`${count} tagged.`);
                  },
                  (error: unknown) => {
                    onDone(error instanceof ApiError ? error.message : String(error));
                  },
                );
              }}
            />
          )}
        </PopMenu>
      ) : null}
      <button type="button" onClick={onClear}>
        Clear selection
      </button>
      {asked ? (
        <Confirm
          title={asked === "trash" ? `Move ${count} to the trash?` : `Delete ${count} for ever?`}
          action={asked === "trash" ? "Move to trash" : "Delete for ever"}
          onClose={() => {
            setAsked(null);
          }}
          onConfirm={() => {
            act(asked);
          }}
        >
          {asked === "trash"
            ? "They can be restored from the trash, and a training that is under way loses nothing."
            : "Their attributes, points and files are gone then; nobody can bring them back."}
        </Confirm>
      ) : null}
    </div>
  );
}

function TagForm({ count, onTag }: { count: string; onTag: (tags: string[]) => void }) {
  const [text, setText] = useState("");
  return (
    <form
      class="runs-save"
      onSubmit={(event) => {
        event.preventDefault();
        if (tagsOf(text).length) onTag(tagsOf(text));
      }}
    >
      <input
        aria-label="Tags, with commas between"
        placeholder="Tags, with commas between"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <button type="submit" disabled={!tagsOf(text).length}>
        Tag {count}
      </button>
    </form>
  );
}
