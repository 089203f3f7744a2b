/** Tells real changes from mere signs of life. Pure functions. */
import type { RunSign } from "../charts/use_run_events";

/** What was last told of each run. */
export type Seen = Map<string, string>;

const factsOf = (sign: RunSign) => `${sign.modified_ms} ${sign.state} ${sign.trashed}`;

/**
 * Take in what the server tells, and say whether a page that was loaded before must be loaded anew. What is told for
 * the first time counts, too: it may have begun, or changed while the page was hidden.
 */
export function takeNews(seen: Seen, signs: readonly RunSign[]): boolean {
  let isNew = false;
  for (const sign of signs) {
    const facts = factsOf(sign);
    if (seen.get(sign.sys_id) !== facts) isNew = true;
    seen.set(sign.sys_id, facts);
  }
  return isNew;
}
