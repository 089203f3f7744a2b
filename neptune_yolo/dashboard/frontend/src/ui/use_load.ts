/** Load something for a component: loading, failed, or there. */
import { useEffect, useState } from "preact/hooks";

import { ApiError } from "../api/client";

export type Loaded<T> =
  | { state: "loading"; value: T | null; error: null }
  | { state: "failed"; value: T | null; error: ApiError }
  | { state: "ready"; value: T; error: null };

/**
 * Call `load` whenever `key` changes; the earlier value stays until the next one is there.
 * `load` is given a signal that ends it when it is no longer wanted.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> & { reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading", value: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setLoaded((before) => ({ state: "loading", value: before.value, error: null }));
    load(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setLoaded({ state: "ready", value, error: null });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, String(error));
        setLoaded((before) => ({ state: "failed", value: before.value, error: known }));
      },
    );
    return () => {
      controller.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says all that `load` depends on
  }, [key, turn]);
  return {
    ...loaded,
    reload: () => {
      setTurn((before) => before + 1);
    },
  };
}
