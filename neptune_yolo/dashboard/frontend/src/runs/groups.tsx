/** Runs in groups: how many each has, and the mean and the range of the columns that are numbers. */
import { useEffect, useState } from "preact/hooks";

import { Empty, Failed, Loading } from "../ui/states";
import { formatCount } from "../ui/format";
import { useLoad } from "../ui/use_load";
import { keyText, rounded, titleOf, titleParts } from "./cells";
import { groupRuns, type Project } from "./runs_api";
import type { Column, GroupKey, View } from "./view";

/** Between two looks at the server. */
const AGAIN_MS = 8000;

interface Props {
  project: Project;
  view: View;
  columns: Column[];
  onOpen: (keys: GroupKey[]) => void;
}

export function Groups({ project, view, columns, onOpen }: Props) {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setTurn((before) => before + 1);
    }, AGAIN_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const shown = columns.map(({ path, aggregate }) => [path, aggregate]);
  const key = JSON.stringify([project, view.nql, view.search, view.trash, view.by, shown, turn]);
  const loaded = useLoad(key, (signal) => groupRuns(project, view, columns, signal));
  if (loaded.error?.column === null) return <Failed error={loaded.error} retry={loaded.reload} />;
  const found = loaded.value;
  if (!found) return loaded.error ? null : <Loading what="groups" />;
  if (found.groups.length === 0) return <Empty title="No run fits">Change the query or the search.</Empty>;
  const numeric = columns.map((_, at) => at).filter((at) => found.groups.some((group) => group.figures[at]?.count));
  return (
    <div class="runs-area">
      <table class="runs-table runs-groups" aria-label="Groups of runs">
        <thead>
          <tr>
            {view.by.map((path) => (
              <th key={path} scope="col" title={path}>
                {titleOf(path)}
              </th>
            ))}
            <th scope="col" class="runs-number">
              Runs
            </th>
            {numeric.map((at) => {
              const each = columns[at];
              return (
                <th key={at} scope="col" class="runs-number" title={each?.path}>
                  {each ? <GroupedHead path={each.path} aggregate={each.aggregate} /> : null}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {found.groups.map((group) => (
            <tr key={JSON.stringify(group.keys)} class="runs-line">
              {view.by.map((path, at) => (
                <td key={path}>
                  {at === 0 ? (
                    <button
                      type="button"
                      class="runs-open"
                      onClick={() => {
                        onOpen(view.by.map((name, place) => ({ path: name, value: group.keys[place] ?? null })));
                      }}
                    >
                      {keyText(group.keys[at] ?? null, path, group.types[at] ?? null)}
                    </button>
                  ) : (
                    keyText(group.keys[at] ?? null, path, group.types[at] ?? null)
                  )}
                </td>
              ))}
              <td class="runs-number">{formatCount(group.count)}</td>
              {numeric.map((at) => (
                <td key={at} class="runs-number">
                  <Range figures={group.figures[at]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {found.is_cut ? <p>There are more groups: narrow the search to see them.</p> : null}
    </div>
  );
}

function GroupedHead({ path, aggregate }: Pick<Column, "path" | "aggregate">) {
  const { place, name } = titleParts(path, aggregate);
  return (
    <>
      {place ? (
        <span class="runs-place">
          <bdi>{place}</bdi>
        </span>
      ) : null}
      {name} <span class="runs-range">mean (range)</span>
    </>
  );
}

interface Figures {
  count: number;
  minimum: number | null;
  mean: number | null;
  maximum: number | null;
}

function Range({ figures }: { figures: Figures | undefined }) {
  if (figures?.mean == null || figures.minimum === null || figures.maximum === null) return null;
  if (figures.minimum === figures.maximum) return <>{rounded(figures.mean)}</>;
  return (
    <>
      {rounded(figures.mean)}{" "}
      <span class="runs-range">
        ({rounded(figures.minimum)} – {rounded(figures.maximum)})
      </span>
    </>
  );
}
