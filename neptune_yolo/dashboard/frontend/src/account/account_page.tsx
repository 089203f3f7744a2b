/** One's own account; for administrators also the users of the server. */
import { useLocation } from "wouter-preact";

import { useSession } from "../app/session";
import { Empty, Loading } from "../ui/states";
import { Tabs } from "../ui/tabs";
import "./account.css";
import { Password } from "./password";
import { Tokens } from "./tokens";
import { Users } from "./users";
import { Workspaces } from "./workspaces";

const TABS = [
  { key: "tokens", label: "API tokens" },
  { key: "password", label: "Password" },
  { key: "workspaces", label: "Workspaces" },
  { key: "users", label: "Users" },
] as const;

type Key = (typeof TABS)[number]["key"];

export default function AccountPage({ params }: { params: Record<string, string> }) {
  const who = useSession();
  const [, navigate] = useLocation();
  if (!who) return <Loading what="your account" />;
  if (who.is_embedded) return <Embedded />;
  const tabs = TABS.filter((tab) => tab.key !== "users" || who.is_admin);
  const wanted = params["*"] ?? "";
  const current: Key = tabs.find((tab) => tab.key === wanted)?.key ?? "tokens";
  return (
    <div class="account">
      <h1>
        {who.user}
        {who.is_admin ? <span class="account-mark"> administrator</span> : null}
      </h1>
      <Tabs
        label="Account"
        tabs={tabs}
        current={current}
        onChange={(key) => {
          navigate(`/account/${key}`);
        }}
      >
        {current === "tokens" ? <Tokens /> : null}
        {current === "password" ? <Password /> : null}
        {current === "workspaces" ? <Workspaces /> : null}
        {current === "users" ? <Users self={who.user} /> : null}
      </Tabs>
    </div>
  );
}

function Embedded() {
  return (
    <Empty title="This server has one user: you">
      <p>
        Nobody signs in here: pages open by the links that trainings and <code>neptune-yolo open</code> print, once
        each. Programs need no token on this machine; <code>neptune-yolo env</code> prints it for those that want one.
      </p>
      <p>
        Users, tokens and members belong to a server for a team: see “Users, roles and API tokens of a team server” in
        the README.
      </p>
    </Empty>
  );
}
