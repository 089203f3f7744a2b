/** Hear which models and versions of a project change, while the page is looked at. */
import { useEffect } from "preact/hooks";

import { PREFIX, query, route } from "../api/client";
import type { RunSign } from "../charts/use_run_events";
import { useNews } from "../compare/use_live";
import type { Project } from "./links";

export function useLiveModels({ workspace, project }: Project, onNews: () => void): void {
  const take = useNews(onNews);
  const address = `${PREFIX}${route("projects", workspace, project, "events")}${query({ kind: "models" })}`;
  useEffect(() => {
    if (typeof EventSource === "undefined") return undefined;
    let source: EventSource | null = null;
    const close = () => {
      source?.close();
      source = null;
    };
    const follow = () => {
      close();
      if (document.hidden) return; // browsers hold few connections to one server
      source = new EventSource(address);
      source.addEventListener("runs", (event: MessageEvent<string>) => {
        take(JSON.parse(event.data) as RunSign[]);
      });
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    window.addEventListener("pagehide", close);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      window.removeEventListener("pagehide", close);
      close();
    };
  }, [address, take]);
}
