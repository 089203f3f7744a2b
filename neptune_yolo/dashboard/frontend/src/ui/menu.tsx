/** A button that opens a list of actions, by mouse and keyboard (arrows, Home, End, Escape). */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import "./menu.css";

export interface MenuItem {
  key: string;
  label: string;
  onSelect: () => void;
  disabled?: boolean;
}

export interface MenuProps {
  /** What the button shows. */
  children: ComponentChildren;
  /** What the menu is of, for a screen reader. */
  label: string;
  items: readonly MenuItem[];
}

export function Menu({ children, label, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    entries(root.current)[0]?.focus();
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpen(false);
    else if (moveFocus(root.current, event.key)) event.preventDefault();
  };
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {children}
      </button>
      {open ? (
        <div class="menu-list" role="menu" id={id} aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              disabled={item.disabled ?? false}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function entries(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? [])];
}

function moveFocus(root: HTMLElement | null, key: string): boolean {
  const all = entries(root);
  const index = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: (index + 1) % all.length, ArrowUp: index <= 0 ? all.length - 1 : index - 1 }[key];
  const target = key === "Home" ? all[0] : key === "End" ? all.at(-1) : to === undefined ? undefined : all[to];
  target?.focus();
  return target !== undefined;
}
