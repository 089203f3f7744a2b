import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, it } from "vitest";

import { ApiError } from "../api/client";
import { type Session, SessionContext } from "../app/session";
import { Failed } from "./states";

afterEach(cleanup);

function show(status: number, isEmbedded: boolean) {
  const session = { is_embedded: isEmbedded } as Session;
  render(
    <SessionContext.Provider value={session}>
      <Failed error={new ApiError(status, "What the server says.")} retry={() => undefined} />
    </SessionContext.Provider>,
  );
}

it.each([
  [0, false, "The server is away", ["Try again"]],
  [0, true, "The server is away", ["Try again"]],
  [401, false, "You are not signed in", ["Try again", "Sign in"]],
  [401, true, "You are not signed in", ["Try again"]],
  [403, false, "No permission", []],
  [404, true, "Not found", ["Try again"]],
  [500, false, "That did not work", ["Try again"]],
])("of status %i (one user: %s) says what to do", (status, isEmbedded, title, buttons) => {
  show(status, isEmbedded);
  expect(screen.getByRole("heading").textContent).toBe(title);
  expect(screen.getByText("What the server says.")).toBeTruthy();
  expect(screen.queryAllByRole("button").map((button) => button.textContent)).toEqual(buttons);
  const projects = screen.queryByRole("link", { name: "Go to the projects" });
  expect(projects !== null).toBe(status === 403 || status === 404);
});

it("does not send the only user to an owner", () => {
  show(404, true);
  expect(screen.queryByText(/owner/)).toBeNull();
  cleanup();
  show(404, false);
  expect(screen.queryByText(/owner/)).toBeTruthy();
});
