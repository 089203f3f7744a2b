import type { ApiError } from "../api/client";

/** Why something that was asked for was not done. */
export function ActionProblem({ error }: { error: ApiError | null }) {
  return error ? (
    <p class="account-error" role="alert">
      {error.message}
    </p>
  ) : null;
}
