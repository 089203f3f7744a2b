/** What the visitor may do in the project of the page: who may not do something sees no button for it. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { askJson, route, type Schemas } from "../api/client";
import { useLoad } from "../ui/use_load";
import type { Place } from "./place";
import type { Session } from "./session";

/** Names of roles, the weakest first. Each may do what those before it may. */
const ROLES = ["viewer", "contributor", "owner"] as const;

export type Role = (typeof ROLES)[number];

/** Whether a role may log, edit, tag, and move to the trash; null is a role that is not known (yet). */
export function mayWrite(role: string | null): boolean {
  return role === "contributor" || role === "owner";
}

/** Whether a role may change the project itself and its members. */
export function mayOwn(role: string | null): boolean {
  return role === "owner";
}

export const RoleContext = createContext<Role | null>(null);

/** The visitor's role in the project of the page; null where there is none, and until it is known. */
export function useRole(): Role | null {
  return useContext(RoleContext);
}

/** Whether the visitor may log, edit, tag, and move to the trash in the project of the page. */
export function useMayWrite(): boolean {
  return mayWrite(useRole());
}

/** Find out the visitor's role; that of administrators, and of a server with one user, is known without asking. */
export function useRoleIn(place: Place, session: Session | null): Role | null {
  const project = place.project;
  const isAdmin = session !== null && (session.is_embedded || session.is_admin);
  const path = project && session && !isAdmin ? route("projects", project.workspace, project.name) : "";
  const loaded = useLoad(path, async (signal) => {
    if (!path) return null;
    return { path, role: (await askJson<Schemas["ProjectView"]>(path, { signal })).role };
  });
  if (!project) return null;
  if (isAdmin) return "owner";
  const found = loaded.value?.path === path ? loaded.value.role : null;
  return ROLES.find((role) => role === found) ?? null;
}
