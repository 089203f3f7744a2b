/** Copies a text. */
import { useEffect, useState } from "preact/hooks";

const SHOWN_MS = 2000;

export interface CopyButtonProps {
  text: string;
  /** What the button does: "Copy the token". */
  label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(setSaid, SHOWN_MS, "");
    return () => {
      clearTimeout(timer);
    };
  }, [said]);
  const copy = () => {
    void copyText(text).then((done) => {
      setSaid(done ? "Copied" : "Not copied");
    });
  };
  return (
    <button type="button" class="plain copy" aria-label={label} title={label} onClick={copy}>
      <span aria-live="polite">{said || "Copy"}</span>
    </button>
  );
}

/** Copy a text; gives whether that worked. A page without TLS has no clipboard of its own. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOfSelection(text);
  }
}

function copyOfSelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  // The only way on pages without TLS, and browsers keep it.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
