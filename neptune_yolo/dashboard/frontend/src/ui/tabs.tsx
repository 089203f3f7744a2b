/** Tabs over panels, by mouse and keyboard (arrows, Home, End). */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import "./tabs.css";

export interface Tab<Key extends string = string> {
  key: Key;
  label: string;
}

export interface TabsProps<Key extends string> {
  /** What the tabs are about, for a screen reader. */
  label: string;
  tabs: readonly Tab<Key>[];
  current: Key;
  onChange: (key: Key) => void;
  /** What belongs to the current tab. */
  children: ComponentChildren;
}

const MOVES: Record<string, (index: number, count: number) => number> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

export function Tabs<Key extends string>({ label, tabs, current, onChange, children }: TabsProps<Key>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bar = list.current;
    const tab = bar?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!bar || !tab) return;
    const [place, frame] = [tab.getBoundingClientRect(), bar.getBoundingClientRect()]; // narrow screens cut tabs off
    if (place.left < frame.left || place.right > frame.right) bar.scrollBy(place.left - frame.left - 40, 0);
  }, [current]);
  const move = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.key === current);
    const to = MOVES[event.key]?.(index, tabs.length);
    const tab = to === undefined ? undefined : tabs[to];
    if (to === undefined || !tab) return;
    event.preventDefault();
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[to]?.focus();
    onChange(tab.key);
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === current ? 0 : -1}
            onKeyDown={move}
            onClick={() => {
              onChange(tab.key);
            }}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`}>
        {children}
      </div>
    </>
  );
}
