/** A text that is edited in its place: Enter keeps, Escape drops. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface Props {
  label: string;
  value: string;
  mayEdit: boolean;
  onSave: (value: string) => Promise<void>;
  children: ComponentChildren;
}

export function Editable({ label, value, mayEdit, onSave, children }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const keep = async () => {
    if (draft === null) return;
    try {
      if (draft !== value) await onSave(draft);
      setDraft(null);
      setProblem("");
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  if (draft === null) {
    return (
      <span class="runs-editable">
        <span class="runs-clip" title={value}>
          {children}
        </span>
        {mayEdit ? (
          <button
            type="button"
            class="runs-edit"
            aria-label={`Edit ${label}`}
            title={`Edit ${label}`}
            onClick={() => {
              setDraft(value);
            }}
          >
            ✎
          </button>
        ) : null}
      </span>
    );
  }
  return (
    <input
      class="runs-draft"
      aria-label={label}
      aria-invalid={problem !== ""}
      title={problem}
      ref={(input) => {
        if (input && document.activeElement !== input) input.focus();
      }}
      value={draft}
      onInput={(event) => {
        setDraft(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") void keep();
        if (event.key === "Escape") setDraft(null);
      }}
      onBlur={() => void keep()}
    />
  );
}
