/** The workspaces that one belongs to, with their members. */
import { askJson, route, type Schemas } from "../api/client";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { Members } from "./members";

const ROLES = [
  ["member", "member"],
  ["owner", "owner of all its projects"],
] as const;

export function Workspaces() {
  const workspaces = useLoad("workspaces", (signal) => askJson<Schemas["WorkspaceList"]>("/workspaces", { signal }));
  if (!workspaces.value) {
    return workspaces.error ? (
      <Failed error={workspaces.error} retry={workspaces.reload} />
    ) : (
      <Loading what="workspaces" />
    );
  }
  const own = workspaces.value.workspaces.filter((workspace) => workspace.role !== null);
  if (!own.length) {
    return <Empty title="No workspaces">You are no member of one: ask an owner of a workspace to add you.</Empty>;
  }
  return (
    <>
      {own.map((workspace) => (
        <Members
          key={workspace.name}
          title={workspace.name}
          path={`${route("workspaces", workspace.name)}/members`}
          roles={ROLES}
          canChange={workspace.role === "owner"}
        />
      ))}
    </>
  );
}
