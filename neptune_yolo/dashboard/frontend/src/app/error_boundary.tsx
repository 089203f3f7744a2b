/** What stands where a page has failed: the rest of the frame goes on. */
import type { ComponentChildren } from "preact";
import { useEffect, useErrorBoundary } from "preact/hooks";

/** A page that has failed is tried anew when the address changes. */
export function ErrorBoundary({ address, children }: { address: string; children: ComponentChildren }) {
  const [error, retry] = useErrorBoundary((caught: unknown) => {
    console.error(caught);
  }) as [unknown, () => void];
  useEffect(() => {
    if (error !== undefined && error !== null) retry();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- an error stays until the address changes
  }, [address]);
  if (error === undefined || error === null) return <>{children}</>;
  const message = error instanceof Error ? error.message : `It threw ${typeof error}.`;
  return (
    <div class="state" role="alert">
      <h2>This page has failed</h2>
      <p>
        The fault is in the page: nothing that was logged is touched. If the server was updated, load the page anew.
      </p>
      <p class="message">{message}</p>
      <p class="state-actions">
        <button type="button" onClick={retry}>
          Try again
        </button>
        <button
          type="button"
          onClick={() => {
            location.reload();
          }}
        >
          Load the page anew
        </button>
      </p>
    </div>
  );
}
