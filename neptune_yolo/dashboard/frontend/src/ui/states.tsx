/** What stands where content is not: loading, nothing there, or an error; each says what to do next. */
import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";

import type { ApiError } from "../api/client";
import { useSession } from "../app/session";

export function Loading({ what }: { what: string }) {
  return (
    <p class="state" role="status">
      Loading {what} …
    </p>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state" role="status">
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}

const TITLES: Record<number, string> = {
  0: "The server is away",
  401: "You are not signed in",
  403: "No permission",
  404: "Not found",
};

export function Failed({ error, retry }: { error: ApiError; retry?: () => void }) {
  const isShared = useSession()?.is_embedded !== true;
  const isSignedOut = error.status === 401;
  return (
    <div class="state" role="alert">
      <h2>{TITLES[error.status] ?? "That did not work"}</h2>
      <p class="message">{error.message}</p>
      <Advice status={error.status} isShared={isShared} />
      <p class="state-actions">
        {retry && error.status !== 403 ? (
          <button type="button" onClick={retry}>
            Try again
          </button>
        ) : null}
        {isSignedOut && isShared ? (
          <button
            type="button"
            class="primary"
            onClick={() => {
              // The server answers with the page to sign in at, which leads back to this address.
              window.location.reload();
            }}
          >
            Sign in
          </button>
        ) : null}
        {error.status === 403 || error.status === 404 ? <Link href="/">Go to the projects</Link> : null}
      </p>
    </div>
  );
}

function Advice({ status, isShared }: { status: number; isShared: boolean }) {
  if (status === 404 && isShared) {
    return (
      <p>It may have been deleted. If it belongs to others, ask an owner of the project to add you as a member.</p>
    );
  }
  if (status === 404) return <p>It may have been deleted.</p>;
  if (status === 0 && !isShared) {
    return (
      <p>
        On the machine that it runs on, <code>neptune-yolo open</code> starts it and opens its pages.
      </p>
    );
  }
  return null;
}
