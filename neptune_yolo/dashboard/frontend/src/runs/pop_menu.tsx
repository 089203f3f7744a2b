/** A button that opens a small panel beside it; Escape or a click elsewhere closes it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  label: string;
  /** What the button shows; the label, unless it is told. */
  face?: ComponentChildren;
  className?: string;
  children: (close: () => void) => ComponentChildren;
}

const MARGIN = 8;

export function PopMenu({ label, face, className = "", children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!isOpen || !panel.current) return undefined;
    panel.current.querySelector<HTMLElement>('input[type="text"], input[type="search"], input:not([type])')?.focus();
    const sizes = new ResizeObserver(() => {
      placeBelow(button.current, panel.current); // it grows when what it lists has come
    });
    sizes.observe(panel.current);
    return () => {
      sizes.disconnect();
    };
  }, [isOpen]);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={className}
        aria-label={face === undefined ? undefined : label}
        title={face === undefined ? undefined : label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => {
          panel.current?.togglePopover();
        }}
      >
        {face ?? label}
      </button>
      <div
        ref={panel}
        popover="auto"
        class="runs-pop"
        role="dialog"
        aria-label={label}
        onToggle={(event) => {
          const opened = (event as unknown as ToggleEvent).newState === "open";
          setOpen(opened);
          if (opened)
            requestAnimationFrame(() => {
              placeBelow(button.current, panel.current);
            });
        }}
      >
        {isOpen ? children(closeMenu) : null}
      </div>
    </>
  );
}

/** Close the panel that is open; the browser gives the focus back to its button. */
function closeMenu() {
  document.querySelector<HTMLElement>(".runs-pop:popover-open")?.hidePopover();
}

function placeBelow(button: HTMLElement | null, panel: HTMLElement | null) {
  if (!button || !panel) return;
  const around = button.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(around.left, window.innerWidth - panel.offsetWidth - MARGIN));
  panel.style.left = `${left}px`;
  panel.style.top = `${around.bottom + 4}px`;
  panel.style.maxHeight = `${Math.max(160, window.innerHeight - around.bottom - 2 * MARGIN)}px`;
}
