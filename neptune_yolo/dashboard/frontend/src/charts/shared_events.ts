/**
 * Events of a project, heard over one connection by all windows of a browser: it holds no more than six to a server, and
 * with one in each window the seventh would load nothing at all.
 *
 * Of the windows that are looked at, one holds a lock, listens, and tells the others. When it is closed or hidden,
 * another one gets the lock. Where there are no locks (plain HTTP over a network), each window listens by itself.
 */
import { PREFIX, route } from "../api/client";
import type { ProjectName } from "../api/series";

export interface RunSign {
  sys_id: string;
  modified_ms: number;
  state: string;
  trashed: boolean;
}

/** What windows say to each other: news, or that one is new here and wants to know all. */
type Message = { signs: RunSign[] } | { wants: true };

const AGAIN_MS = 5000;

/** Hear of runs of a project that change, until the returned function is called. */
export function hearRuns({ workspace, project }: ProjectName, onSigns: (signs: RunSign[]) => void): () => void {
  const address = `${PREFIX}${route("projects", workspace, project, "events")}`;
  if (typeof EventSource === "undefined") return () => undefined;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it is not there without a secure context
  if (!navigator.locks || typeof BroadcastChannel === "undefined") return listen(address, onSigns);
  const channel = new BroadcastChannel(address);
  const ended = new AbortController();
  const known = new Map<string, RunSign>();
  let stop: (() => void) | null = null;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("signs" in data) onSigns(data.signs);
    else if (stop && known.size) tell(channel, { signs: [...known.values()] });
  };
  tell(channel, { wants: true });
  const lead = () =>
    new Promise<void>((release) => {
      const end = listen(address, (signs) => {
        for (const sign of signs) known.set(sign.sys_id, sign);
        tell(channel, { signs });
        onSigns(signs);
      });
      stop = () => {
        end();
        release();
      };
      if (ended.signal.aborted) stop();
    });
  navigator.locks.request(address, { signal: ended.signal }, lead).catch(() => undefined); // it was not needed any more
  return () => {
    ended.abort();
    stop?.();
    channel.close();
  };
}

function tell(channel: BroadcastChannel, message: Message): void {
  channel.postMessage(message);
}

/** Listen over a connection of one's own; it is opened again whenever the server has ended it. */
function listen(address: string, onSigns: (signs: RunSign[]) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const open = () => {
    source = new EventSource(address);
    source.addEventListener("runs", (event: MessageEvent<string>) => {
      onSigns(JSON.parse(event.data) as RunSign[]);
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return () => {
    if (timer) clearTimeout(timer);
    source.close();
  };
}
