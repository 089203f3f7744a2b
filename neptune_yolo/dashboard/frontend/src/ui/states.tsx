/** What stands where content is not: loading, nothing there, or an error; each says what to do next. */
import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";

import type { ApiError } from "../api/client";

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

export function Failed({ error, retry }: { error: ApiError; retry?: () => void }) {
  const denied = error.status === 401 || error.status === 403;
  return (
    <div class="state" role="alert">
      <h2>{denied ? "No permission" : error.status === 404 ? "Not found" : "That did not work"}</h2>
      <p class="message">{error.message}</p>
      {retry && !denied ? (
        <button type="button" onClick={retry}>
          Try again
        </button>
      ) : null}
      {denied || error.status === 404 ? (
        <p>
          If it belongs to others, ask an owner of the project to add you as a member.{" "}
          <Link href="/">Go to the projects</Link>
        </p>
      ) : null}
    </div>
  );
}
