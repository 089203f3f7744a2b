/** Who may see a project, and what members may do, in words. */

export const VISIBILITIES = [
  ["workspace", "Members of the workspace", "may see and log to it"],
  ["priv", "Members of the project only", "that its owners have added"],
  ["pub", "Everybody on this server", "may see it; members may log to it"],
] as const;

export type Visibility = (typeof VISIBILITIES)[number][0];

export function visibilityText(visibility: string): string {
  return VISIBILITIES.find(([value]) => value === visibility)?.[1] ?? visibility;
}

/** Whether a text can be the name of a workspace or project; says why not. */
export function nameProblem(name: string): string | null {
  if (!name.trim()) return "Type a name.";
  if (name.includes("/")) return "Leave the slash out of the name.";
  if (name.trim().length > 128) return "Use at most 128 characters.";
  return null;
}
