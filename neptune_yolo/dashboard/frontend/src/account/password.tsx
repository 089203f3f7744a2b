/** Change one's own password. */
import { useState } from "preact/hooks";

import { ask } from "../api/client";
import { useAction } from "../ui/use_action";
import { ActionProblem } from "./problem";

const LEAST = 8;

export function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useAction();
  const problem =
    next && next.length < LEAST
      ? `Use ${LEAST} characters or more.`
      : again && next !== again
        ? "The two new passwords differ."
        : null;
  const submit = (event: Event) => {
    event.preventDefault();
    change.run(async () => {
      await ask("/password", { method: "PUT", body: { current, new: next } });
      window.location.assign("/sign-in?next=/account");
    });
  };
  return (
    <form class="account-form" onSubmit={submit}>
      <p class="account-note">Afterwards you sign in again, here and in other browsers. API tokens stay valid.</p>
      <PasswordField label="Current password" value={current} onChange={setCurrent} complete="current-password" />
      <PasswordField label="New password" value={next} onChange={setNext} complete="new-password" />
      <PasswordField label="New password again" value={again} onChange={setAgain} complete="new-password" />
      {problem ? (
        <p class="account-error" role="status">
          {problem}
        </p>
      ) : null}
      <ActionProblem error={change.error} />
      <div>
        <button
          type="submit"
          class="primary"
          disabled={change.busy || problem !== null || !current || !next || next !== again}
        >
          Change the password
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  complete: "current-password" | "new-password";
}

function PasswordField({ label, value, onChange, complete }: FieldProps) {
  return (
    <label>
      {label}
      <input
        type="password"
        required
        autocomplete={complete}
        value={value}
        onInput={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </label>
  );
}
