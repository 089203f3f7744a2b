/** Short notes that something was done, or was not. */
import { signal } from "@preact/signals";

import "./toast.css";

const SHOWN_MS = 5000;

interface Note {
  id: number;
  text: string;
  kind: "good" | "bad";
}

const notes = signal<readonly Note[]>([]);
let lastId = 0;

/** Show a note; one of kind "bad" stays until it is closed. */
export function toast(text: string, kind: "good" | "bad" = "good"): void {
  lastId += 1;
  const id = lastId;
  notes.value = [...notes.value, { id, text, kind }];
  if (kind === "good") setTimeout(close, SHOWN_MS, id);
}

function close(id: number): void {
  notes.value = notes.value.filter((note) => note.id !== id);
}

/** Where the notes are; part of the frame, once. */
export function Toasts() {
  return (
    <div class="toasts" aria-live="polite">
      {notes.value.map((note) => (
        <div key={note.id} class={`toast toast-${note.kind}`}>
          <span>{note.text}</span>
          <button
            type="button"
            class="plain"
            aria-label="Close note"
            onClick={() => {
              close(note.id);
            }}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
