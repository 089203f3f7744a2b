/** The frame of all pages. */
import { useEffect } from "preact/hooks";
import { useSearch } from "wouter-preact";
import { usePathname } from "wouter-preact/use-browser-location";

import { askJson, type Schemas } from "../api/client";
import { Failed } from "../ui/states";
import { pageTitle } from "../ui/title";
import { Toasts } from "../ui/toast";
import { useLoad } from "../ui/use_load";
import { ErrorBoundary } from "./error_boundary";
import { placeOf } from "./place";
import { RoleContext, useRoleIn } from "./rights";
import { Pages } from "./routes";
import { SessionContext } from "./session";
import { TopBar } from "./top_bar";

const PRODUCT = "neptune_yolo";

export function App() {
  const session = useLoad("session", (signal) => askJson<Schemas["SessionView"]>("/session", { signal }));
  const pathname = usePathname();
  const place = placeOf(pathname);
  const role = useRoleIn(place, session.value);
  const title = pageTitle.value ?? place.title;
  useEffect(() => {
    document.title = `${title} · ${PRODUCT}`;
  }, [title]);
  return (
    <SessionContext.Provider value={session.value}>
      <RoleContext.Provider value={role}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <TopBar place={place} search={useSearch()} />
        <main id="content" tabIndex={-1}>
          {session.error ? (
            <Failed error={session.error} retry={session.reload} />
          ) : (
            <ErrorBoundary address={pathname}>
              <Pages />
            </ErrorBoundary>
          )}
        </main>
        <div class="visually-hidden" aria-live="polite">
          {title}
        </div>
        <Toasts />
      </RoleContext.Provider>
    </SessionContext.Provider>
  );
}
