/** Do something on request: busy while it goes on, and the error if it fails. */
import { useState } from "preact/hooks";

import { ApiError } from "../api/client";

export interface Action {
  busy: boolean;
  error: ApiError | null;
  /** Do the work, unless one is under way. */
  run: (work: () => Promise<void>) => void;
  /** Forget the error. */
  clear: () => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  return {
    busy,
    error,
    run: (work) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      work()
        .catch((problem: unknown) => {
          setError(problem instanceof ApiError ? problem : new ApiError(0, String(problem)));
        })
        .finally(() => {
          setBusy(false);
        });
    },
    clear: () => {
      setError(null);
    },
  };
}
