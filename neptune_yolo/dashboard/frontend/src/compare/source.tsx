/** Which runs are drawn: those that were chosen, or those that a query finds. */
import { useEffect, useState } from "preact/hooks";

import type { ApiError } from "../api/client";
import { useLoad } from "../ui/use_load";
import { useQueryState } from "../ui/query_state";
import type { Comparison } from "./facts";
import { compare, type Project } from "./requests";

/** Most runs that are drawn. */
export const MAX_DRAWN = 1000;

/** The comparison from which columns are chosen: of the chosen runs, or of some that the query finds. */
export function useSample(
  where: Project,
  chosen: Comparison | null,
): { sample: Comparison | null; error: ApiError | null } {
  const query = useQueryState().get("query");
  const key = `${where.workspace}/${where.project} sample ${query ?? ""}`;
  const loaded = useLoad(key, (signal) =>
    query === null ? Promise.resolve(null) : compare(where, { query, limit: 30, types: SAMPLED }, signal),
  );
  return query === null ? { sample: chosen, error: null } : { sample: loaded.value, error: loaded.error };
}

const SAMPLED = ["float", "int", "bool", "string", "floatSeries"] as const;

/** The values of some columns, of all runs that are drawn. */
export function useDrawn(
  where: Project,
  chosen: Comparison | null,
  paths: readonly string[],
): { drawn: Comparison | null; error: ApiError | null } {
  const query = useQueryState().get("query");
  const key = `${where.workspace}/${where.project} drawn ${query ?? ""} ${paths.join("\n")}`;
  const loaded = useLoad(key, (signal) =>
    query === null || paths.length === 0
      ? Promise.resolve(null)
      : compare(where, { query, limit: MAX_DRAWN, paths }, signal),
  );
  return query === null ? { drawn: chosen, error: null } : { drawn: loaded.value, error: loaded.error };
}

export function Source({ count, error }: { count: number | null; error: ApiError | null }) {
  const state = useQueryState();
  const query = state.get("query");
  const [text, setText] = useState(query ?? "");
  useEffect(() => {
    setText(query ?? "");
  }, [query]);
  return (
    <form
      class="compare-controls"
      onSubmit={(event) => {
        event.preventDefault();
        state.set({ query: text });
      }}
    >
      <label>
        Runs{" "}
        <select
          value={query === null ? "chosen" : "query"}
          onChange={(event) => {
            state.set({ query: event.currentTarget.value === "query" ? text : null });
          }}
        >
          <option value="chosen">chosen above</option>
          <option value="query">all that a query finds</option>
        </select>
      </label>
      {query === null ? null : (
        <>
          <input
            type="search"
            class="compare-query"
            aria-label="Query in NQL; empty for all runs"
            placeholder="NQL, such as best/fitness:float > 0.5; empty for all runs"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
            }}
          />
          <button type="submit">Find</button>
        </>
      )}
      <span class="compare-note" role="status">
        {count === null ? "" : `${count} ${count === 1 ? "run" : "runs"}`}
        {query !== null && count === MAX_DRAWN ? ` (the newest ${MAX_DRAWN})` : ""}
      </span>
      {error ? (
        <p class="compare-problem" role="alert">
          {error.message}
        </p>
      ) : null}
    </form>
  );
}
