/** A text that is edited in its place: Enter keeps, Escape drops. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

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
  const isDroppedRef = useRef(false);
  const keep = async () => {
    if (draft === null || isDroppedRef.current) return;
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
              isDroppedRef.current = false;
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
        if (event.key === "Escape") {
          isDroppedRef.current = true; // the input loses the focus as it goes away
          setDraft(null);
          setProblem("");
        }
      }}
      onBlur={() => void keep()}
    />
  );
}
