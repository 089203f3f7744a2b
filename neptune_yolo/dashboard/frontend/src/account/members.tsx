/** Members of a project or workspace with their roles. */
import { useState } from "preact/hooks";

import { ask, askJson, type Schemas } from "../api/client";
import { Failed, Loading } from "../ui/states";
import { useAction } from "../ui/use_action";
import { useLoad } from "../ui/use_load";
import { ChoiceField, TextField } from "../ui/field";
import { ActionProblem } from "./problem";

interface MembersProps {
  /** Path of the members in the API. */
  path: string;
  /** Roles, the weakest first, with what each may do. */
  roles: readonly (readonly [string, string])[];
  /** Whether the visitor may change members. */
  canChange: boolean;
  title: string;
}

export function Members({ path, roles, canChange, title }: MembersProps) {
  const members = useLoad(path, (signal) => askJson<Schemas["MemberList"]>(path, { signal }));
  const [name, setName] = useState("");
  const [role, setRole] = useState(roles[0]?.[0] ?? "");
  const change = useAction();
  if (!members.value) {
    return members.error ? <Failed error={members.error} retry={members.reload} /> : <Loading what="members" />;
  }
  const member = (user: string) => `${path}/${encodeURIComponent(user)}`;
  const put = (user: string, wanted: string) => {
    change.run(async () => {
      await ask(member(user), { method: "PUT", body: { role: wanted } });
      setName("");
      members.reload();
    });
  };
  const remove = (user: string) => {
    change.run(async () => {
      await ask(member(user), { method: "DELETE" });
      members.reload();
    });
  };
  return (
    <section>
      <h2>{title}</h2>
      {canChange ? (
        <form
          class="account-line"
          onSubmit={(event) => {
            event.preventDefault();
            put(name.trim(), role);
          }}
        >
          <TextField label="User name" value={name} required autocomplete="off" onValue={setName} />
          <ChoiceField label="Role" value={role} onValue={setRole}>
            {" "}
            <RoleOptions roles={roles} />
          </ChoiceField>
          <button type="submit" class="primary" disabled={change.busy || !name.trim()}>
            Add the member
          </button>
        </form>
      ) : null}
      <ActionProblem error={change.error} />
      {members.value.members.length ? (
        <div class="account-scroll">
          <table class="account-table">
            <caption class="visually-hidden">{title}</caption>
            <thead>
              <tr>
                <th scope="col">User</th>
                <th scope="col">Role</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {members.value.members.map((entry) => (
                <tr key={entry.user}>
                  <th scope="row">
                    {entry.user}
                    {entry.is_service_account ? <span class="account-mark"> program</span> : null}
                  </th>
                  <td>
                    {canChange && entry.own_role === entry.role ? (
                      <select
                        value={entry.role}
                        aria-label={`Role of ${entry.user}`}
                        disabled={change.busy}
                        onChange={(event) => {
                          put(entry.user, event.currentTarget.value);
                        }}
                      >
                        <RoleOptions roles={roles} />
                      </select>
                    ) : (
                      entry.role
                    )}
                    {entry.own_role === entry.role ? null : <span class="account-mark"> by the workspace</span>}
                  </td>
                  <td>
                    {canChange && entry.own_role !== null ? (
                      <button
                        type="button"
                        disabled={change.busy}
                        aria-label={`Remove ${entry.user}`}
                        onClick={() => {
                          remove(entry.user);
                        }}
                      >
                        Remove
                      </button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p class="account-note">Nobody yet; administrators may do everything without being members.</p>
      )}
    </section>
  );
}

function RoleOptions({ roles }: { roles: MembersProps["roles"] }) {
  return (
    <>
      {roles.map(([role, text]) => (
        <option key={role} value={role}>
          {text}
        </option>
      ))}
    </>
  );
}
