/** What a view shows, kept in the query string, so that it can be sent and the back button works. */
import { useLocation, useSearch } from "wouter-preact";

export type Changes = Record<string, string | null>;

/** The query string after some changes; null takes a value away. */
export function changed(search: string, changes: Changes): string {
  const values = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) values.delete(name);
    else values.set(name, value);
  }
  const text = values.toString();
  return text ? `?${text}` : "";
}

export interface QueryState {
  values: URLSearchParams;
  get: (name: string) => string | null;
  /** Change values as a new step of the history, or in place of the present one (for sliders). */
  set: (changes: Changes, how?: "push" | "replace") => void;
}

export function useQueryState(): QueryState {
  const search = useSearch();
  const [path, go] = useLocation();
  const values = new URLSearchParams(search);
  return {
    values,
    get: (name) => values.get(name),
    set: (changes, how = "push") => {
      // The address itself, not what was rendered: two changes may come before the next rendering.
      go(path + changed(window.location.search, changes), { replace: how === "replace" });
    },
  };
}

/** One value, empty where the address has none, and what sets it; an empty one leaves the address. */
export function useQueryValue(name: string, how: "push" | "replace" = "replace"): [string, (value: string) => void] {
  const query = useQueryState();
  return [
    query.get(name) ?? "",
    (value) => {
      query.set({ [name]: value || null }, how);
    },
  ];
}

/** A list of whole numbers as text, and back; null is the empty list. */
export function readNumbers(text: string | null): Set<number> {
  return new Set((text ?? "").split(",").filter(Boolean).map(Number).filter(Number.isInteger));
}

export function writeNumbers(numbers: ReadonlySet<number>): string | null {
  return numbers.size ? [...numbers].sort((one, other) => one - other).join(",") : null;
}

/** A number of a range; what is none, or out of it, becomes the fallback. */
export function readNumber(text: string | null, least: number, most: number, fallback: number): number {
  const number = text === null || text === "" ? NaN : Number(text);
  return number >= least && number <= most ? number : fallback;
}
