/** All users of the server, for administrators. */
import { useState } from "preact/hooks";

import { askJson, route, type Schemas } from "../api/client";
import { Confirm, Dialog } from "../ui/dialog";
import { formatMoment } from "../ui/format";
import { Failed, Loading } from "../ui/states";
import { useAction } from "../ui/use_action";
import { useLoad } from "../ui/use_load";
import { ChoiceField, TextField } from "../ui/field";
import { ActionProblem } from "./problem";

type User = Schemas["UserView"];

export function Users({ self }: { self: string }) {
  const users = useLoad("users", (signal) => askJson<Schemas["UserList"]>("/users", { signal }));
  const [resetting, setResetting] = useState<User | null>(null);
  const [disabling, setDisabling] = useState<User | null>(null);
  const change = useAction();
  if (!users.value) {
    return users.error ? <Failed error={users.error} retry={users.reload} /> : <Loading what="users" />;
  }
  const update = (user: User, body: Partial<Schemas["UserUpdate"]>) => {
    change.run(async () => {
      await askJson<User>(route("users", user.name), { method: "PATCH", body });
      users.reload();
    });
  };
  return (
    <section>
      <NewUser onMade={users.reload} />
      <ActionProblem error={change.error} />
      <div class="account-scroll">
        <table class="account-table">
          <caption class="visually-hidden">Users</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="wide-only">
                Kind
              </th>
              <th scope="col" class="wide-only">
                Made
              </th>
              <th scope="col">Administrator</th>
              <th scope="col">May sign in</th>
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {users.value.users.map((user) => (
              <tr key={user.name}>
                <th scope="row">
                  {user.name}
                  {user.name === self ? <span class="account-mark"> you</span> : null}
                </th>
                <td class="wide-only">{user.is_service_account ? "program" : "person"}</td>
                <td class="wide-only">{formatMoment(user.created_ms)}</td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`${user.name} is an administrator`}
                    checked={user.is_admin}
                    disabled={change.busy || user.name === self}
                    onChange={() => {
                      update(user, { is_admin: !user.is_admin });
                    }}
                  />
                </td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`${user.name} may sign in`}
                    checked={user.is_active}
                    disabled={change.busy || user.name === self}
                    onChange={() => {
                      if (user.is_active) setDisabling(user);
                      else update(user, { is_active: true });
                    }}
                  />
                </td>
                <td>
                  <button
                    type="button"
                    aria-label={`Give ${user.name} a password`}
                    onClick={() => {
                      setResetting(user);
                    }}
                  >
                    {user.has_password ? "New password" : "Give a password"}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {resetting ? (
        <NewPassword
          user={resetting}
          onClose={() => {
            setResetting(null);
            users.reload();
          }}
        />
      ) : null}
      {disabling ? (
        <Confirm
          title={`Lock ${disabling.name} out?`}
          action="Lock out"
          onClose={() => {
            setDisabling(null);
            users.reload();
          }}
          onConfirm={() => {
            setDisabling(null);
            update(disabling, { is_active: false });
          }}
        >
          <p>The user is signed out, and all their API tokens are refused at once. Runs and projects stay.</p>
        </Confirm>
      ) : null}
    </section>
  );
}

function NewUser({ onMade }: { onMade: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [kind, setKind] = useState("person");
  const make = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    make.run(async () => {
      const body = { name: name.trim(), password: password || null, is_service_account: kind === "program" };
      await askJson<User>("/users", { method: "POST", body });
      setName("");
      setPassword("");
      onMade();
    });
  };
  return (
    <form class="account-line" onSubmit={submit}>
      <TextField label="Name" value={name} maxLength={128} required autocomplete="off" onValue={setName} />
      <ChoiceField label="Kind" value={kind} onValue={setKind}>
        {" "}
        <option value="person">person</option>
        <option value="program">program (service account)</option>
      </ChoiceField>
      <TextField
        label="First password"
        type="password"
        minLength={8}
        autocomplete="new-password"
        placeholder="none: API tokens only"
        value={password}
        onValue={setPassword}
      />
      <button type="submit" class="primary" disabled={make.busy || !name.trim()}>
        Add the user
      </button>
      <ActionProblem error={make.error} />
    </form>
  );
}

function NewPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const change = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    change.run(async () => {
      await askJson<User>(route("users", user.name), { method: "PATCH", body: { password } });
      onClose();
    });
  };
  return (
    <Dialog title={`New password of ${user.name}`} onClose={onClose}>
      <form class="account-form" onSubmit={submit}>
        <p class="account-note">The user has to sign in again with it; tell it over a safe way.</p>
        <TextField
          label="Password"
          type="password"
          minLength={8}
          required
          autocomplete="new-password"
          value={password}
          onValue={setPassword}
        />
        <ActionProblem error={change.error} />
        <div>
          <button type="submit" class="primary" disabled={change.busy || password.length < 8}>
            Give the password
          </button>
        </div>
      </form>
    </Dialog>
  );
}
