/** Load a run, and look again while its program is at work. */
import { useEffect, useRef } from "preact/hooks";

import { askJson, type Schemas } from "../api/client";
import { useLoad } from "../ui/use_load";
import { Attributes, type Head, runRoute, type RunPlace, type RunView } from "./run_data";

const RUNNING_MS = 2000;
const IDLE_MS = 15_000;

interface Known {
  key: string;
  modified: number;
  attributes: Attributes;
}

/** The run with its attributes; these are asked for again only after a change. */
export function useRun(place: RunPlace) {
  const key = runRoute(place);
  const knownRef = useRef<Known | null>(null);
  const loaded = useLoad<RunView>(key, async (signal) => {
    const head = await askJson<Head>(key, { signal });
    const before = knownRef.current;
    if (before?.key === key && before.modified === head.modified_ms)
      return { place, head, attributes: before.attributes };
    const answer = await askJson<Schemas["AttributeViews"]>(`${key}/attributes`, { signal });
    const attributes = new Attributes(answer.attributes);
    knownRef.current = { key, modified: head.modified_ms, attributes };
    return { place, head, attributes };
  });
  const { reload, value } = loaded;
  const isRunning = value?.head.state === "running";
  useEffect(() => {
    const look = () => {
      if (!document.hidden) reload();
    };
    const timer = setInterval(look, isRunning ? RUNNING_MS : IDLE_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [isRunning, reload]);
  return loaded;
}
