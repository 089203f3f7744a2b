/** Which page stands at which address. Addresses with a project are those that the Neptune client prints. */
import { lazy, Suspense } from "preact/compat";
import { Link, Route, Switch } from "wouter-preact";

import { Empty, Loading } from "../ui/states";

const PROJECT = "/:workspace/:project";

/** In the order in which they are tried; the rest of an address is `params["*"]`. */
const PAGES = [
  ["/", lazy(() => import("../projects/projects_page"))],
  ["/account/*?", lazy(() => import("../account/account_page"))],
  [`${PROJECT}/settings`, lazy(() => import("../account/project_page"))],
  [`${PROJECT}/charts`, lazy(() => import("../charts/charts_page"))],
  [`${PROJECT}/compare/*?`, lazy(() => import("../compare/compare_page"))],
  [`${PROJECT}/models`, lazy(() => import("../models/models_page"))],
  [`${PROJECT}/m/:model/*?`, lazy(() => import("../models/model_page"))],
  [`${PROJECT}/e/:run/*?`, lazy(() => import("../run/run_page"))],
  [`${PROJECT}/*?`, lazy(() => import("../runs/runs_page"))],
] as const;

export function Pages() {
  return (
    <Suspense fallback={<Loading what="the page" />}>
      <Switch>
        {PAGES.map(([path, Page]) => (
          <Route key={path} path={path}>
            {(params) => <Page params={params as Record<string, string>} />}
          </Route>
        ))}
        <Route>
          <Empty title="There is no such page">
            <Link href="/">Go to the projects</Link>
          </Empty>
        </Route>
      </Switch>
    </Suspense>
  );
}
