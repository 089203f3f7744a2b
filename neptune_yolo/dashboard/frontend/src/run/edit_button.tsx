/** Change what people call a run. */
import { useState } from "preact/hooks";

import { askJson } from "../api/client";
import { tagsChange, tagsOf } from "../runs/tags";
import { Dialog } from "../ui/dialog";
import { useAction } from "../ui/use_action";
import { type Head, runRoute, type RunView } from "./run_data";

export function EditButton({ view, onChanged }: { view: RunView; onChanged: () => void }) {
  const [isOpen, setOpen] = useState(false);
  if (view.head.role === "viewer") return null;
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        Edit …
      </button>
      {isOpen ? (
        <EditDialog
          view={view}
          onClose={(isChanged) => {
            setOpen(false);
            if (isChanged) onChanged();
          }}
        />
      ) : null}
    </>
  );
}

function EditDialog({ view, onClose }: { view: RunView; onClose: (isChanged: boolean) => void }) {
  const { head, place } = view;
  const [name, setName] = useState(head.name);
  const [description, setDescription] = useState(head.description);
  const [tags, setTags] = useState(head.tags.join(", "));
  const saving = useAction();
  const save = () => {
    saving.run(async () => {
      const body = {
        ...(name === head.name ? {} : { name }),
        ...(description === head.description ? {} : { description }),
        ...tagsChange(head.tags, tagsOf(tags)),
      };
      await askJson<Head>(runRoute(place), { method: "PATCH", body });
      onClose(true);
    });
  };
  const close = () => {
    onClose(false);
  };
  return (
    <Dialog
      title={`Edit ${place.run}`}
      onClose={close}
      actions={
        <>
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="button" class="primary" disabled={saving.busy} onClick={save}>
            Save
          </button>
        </>
      }
    >
      <div class="run-edit">
        <label>
          Name
          <input
            value={name}
            onInput={(event) => {
              setName(event.currentTarget.value);
            }}
          />
        </label>
        <label>
          Description
          <textarea
            value={description}
            onInput={(event) => {
              setDescription(event.currentTarget.value);
            }}
          />
        </label>
        <label>
          Tags, with commas between them
          <input
            value={tags}
            onInput={(event) => {
              setTags(event.currentTarget.value);
            }}
          />
        </label>
        {saving.error ? <p role="alert">{saving.error.message}</p> : null}
      </div>
    </Dialog>
  );
}
