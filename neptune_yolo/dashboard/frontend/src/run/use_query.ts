/** A piece of view state that lives in the query string of the address. */
import { useCallback } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";

/** Value of a query parameter, and what sets it; an empty one leaves the address. With `push`, back returns to it. */
export function useQuery(name: string, push = false): [string, (value: string) => void] {
  const search = useSearch();
  const [location, navigate] = useLocation();
  const set = useCallback(
    (value: string) => {
      const values = new URLSearchParams(search);
      if (value) values.set(name, value);
      else values.delete(name);
      const text = values.toString();
      navigate(text ? `${location}?${text}` : location, { replace: !push });
    },
    [search, location, navigate, name, push],
  );
  return [new URLSearchParams(search).get(name) ?? "", set];
}
