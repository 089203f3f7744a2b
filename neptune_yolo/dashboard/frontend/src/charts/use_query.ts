/** What stands behind the question mark of an address, read and changed; each change is a step of the history. */
import { useLocation, useSearch } from "wouter-preact";

export type QueryChanges = Record<string, string | null>;

export function useQuery(): [URLSearchParams, (changes: QueryChanges) => void] {
  const text = useSearch();
  const [place, navigate] = useLocation();
  const change = (changes: QueryChanges) => {
    const search = new URLSearchParams(text);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") search.delete(name);
      else search.set(name, value);
    }
    const next = search.toString();
    navigate(next ? `${place}?${next}` : place);
  };
  return [new URLSearchParams(text), change];
}
