/** One's own API tokens: list, make, revoke. */
import { useState } from "preact/hooks";

import { ask, askJson, route, type Schemas } from "../api/client";
import { CopyButton } from "../ui/copy_button";
import { Confirm, Dialog } from "../ui/dialog";
import { formatAgo, formatMoment } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useAction } from "../ui/use_action";
import { useLoad } from "../ui/use_load";
import { ChoiceField, TextField } from "../ui/field";
import { expiryOf, expiryState, LIFETIMES } from "./days";
import { ActionProblem } from "./problem";

type Token = Schemas["TokenView"];

export function Tokens() {
  const tokens = useLoad("tokens", (signal) => askJson<Schemas["TokenList"]>("/tokens", { signal }));
  const [made, setMade] = useState<Schemas["NewToken"] | null>(null);
  const [leaving, setLeaving] = useState<Token | null>(null);
  const revoke = useAction();
  if (!tokens.value) {
    return tokens.error ? <Failed error={tokens.error} retry={tokens.reload} /> : <Loading what="tokens" />;
  }
  return (
    <section>
      <p class="account-note">
        A program signs in with an API token: set <code>NEPTUNE_API_TOKEN</code> to it. It may do what you may do.
      </p>
      <NewToken
        onMade={(token) => {
          setMade(token);
          tokens.reload();
        }}
      />
      <ActionProblem error={revoke.error} />
      {tokens.value.tokens.length ? (
        <TokenTable tokens={tokens.value.tokens} onRevoke={setLeaving} />
      ) : (
        <Empty title="No API tokens">Make one for each machine or program, so that you can revoke it alone.</Empty>
      )}
      {made ? (
        <Secret
          token={made}
          onClose={() => {
            setMade(null);
          }}
        />
      ) : null}
      {leaving ? (
        <Confirm
          title={`Revoke “${leaving.label}”?`}
          action="Revoke the token"
          onClose={() => {
            setLeaving(null);
          }}
          onConfirm={() => {
            setLeaving(null);
            revoke.run(async () => {
              await ask(route("tokens", leaving.id), { method: "DELETE" });
              tokens.reload();
            });
          }}
        >
          <p>Programs that use it are refused at once. A training goes on, and keeps its data on disk.</p>
          {leaving.is_own ? <p>You have signed in with this token: you will have to sign in again.</p> : null}
        </Confirm>
      ) : null}
    </section>
  );
}

function NewToken({ onMade }: { onMade: (token: Schemas["NewToken"]) => void }) {
  const [label, setLabel] = useState("");
  const [days, setDays] = useState("365");
  const make = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    make.run(async () => {
      const body = { label, expires_ms: expiryOf(days, Date.now()) };
      onMade(await askJson<Schemas["NewToken"]>("/tokens", { method: "POST", body }));
      setLabel("");
    });
  };
  return (
    <form class="account-line" onSubmit={submit}>
      <TextField
        label="What it is for"
        value={label}
        maxLength={255}
        required
        placeholder="such as: training machine"
        onValue={setLabel}
      />
      <ChoiceField label="Ends after" value={days} onValue={setDays}>
        {" "}
        {LIFETIMES.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </ChoiceField>
      <button type="submit" class="primary" disabled={make.busy || !label.trim()}>
        Make a token
      </button>
      <ActionProblem error={make.error} />
    </form>
  );
}

function Secret({ token, onClose }: { token: Schemas["NewToken"]; onClose: () => void }) {
  return (
    <Dialog
      title={`Token “${token.token.label}”`}
      onClose={onClose}
      actions={
        <>
          <CopyButton text={token.api_token} label="Copy the token" />
          <button type="button" class="primary" onClick={onClose}>
            I have kept it
          </button>
        </>
      }
    >
      <p>Keep it now: it is shown this once. Whoever has it may do what you may do.</p>
      <code class="account-secret" data-testid="api-token">
        {token.api_token}
      </code>
    </Dialog>
  );
}

function TokenTable({ tokens, onRevoke }: { tokens: Token[]; onRevoke: (token: Token) => void }) {
  const [now] = useState(() => Date.now());
  return (
    <div class="account-scroll">
      <table class="account-table">
        <caption class="visually-hidden">Your API tokens</caption>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col" class="wide-only">
              Made
            </th>
            <th scope="col">Used last</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => {
            const state = expiryState(token.expires_ms, now);
            return (
              <tr key={token.id}>
                <th scope="row">
                  {token.label || "no label"}
                  {token.is_own ? <span class="account-mark"> you signed in with it</span> : null}
                </th>
                <td class="wide-only">{formatMoment(token.created_ms)}</td>
                <td>{token.used_ms === null ? "never" : formatAgo(token.used_ms)}</td>
                <td class={state ? `account-${state}` : undefined}>
                  {token.expires_ms === null ? "never" : formatMoment(token.expires_ms)}
                  {state === "expired" ? " (has ended)" : ""}
                </td>
                <td>
                  <button
                    type="button"
                    aria-label={`Revoke ${token.label}`}
                    onClick={() => {
                      onRevoke(token);
                    }}
                  >
                    Revoke
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
