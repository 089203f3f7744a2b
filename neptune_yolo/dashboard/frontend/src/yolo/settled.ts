/** A value of the address that is moved: shown at once, and written when it rests. Browsers allow few changes of it. */
import { useEffect, useState } from "preact/hooks";

import { useQueryState } from "../ui/query_state";

const SETTLED_MS = 250;

/** The value, null where the address has none, and what sets it in place of the present step of the history. */
export function useSettled(name: string): [string | null, (value: string | null) => void] {
  const query = useQueryState();
  const [moved, setMoved] = useState<{ value: string | null } | null>(null);
  useEffect(() => {
    if (!moved) return;
    const timer = setTimeout(() => {
      query.set({ [name]: moved.value }, "replace");
      setMoved(null);
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a further move starts anew
  }, [moved]);
  return [
    moved ? moved.value : query.get(name),
    (value) => {
      setMoved({ value });
    },
  ];
}
