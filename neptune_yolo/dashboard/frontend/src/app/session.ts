/** Who looks at the pages; null until the server has said so. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Schemas } from "../api/client";

export type Session = Schemas["SessionView"];

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session | null {
  return useContext(SessionContext);
}
