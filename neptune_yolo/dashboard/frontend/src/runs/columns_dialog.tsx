/** Choose the columns of the table, among all attributes that runs of the project have. */
import { useState } from "preact/hooks";

import { Dialog } from "../ui/dialog";
import { Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { titleOf } from "./cells";
import { attributeNames, type Project } from "./runs_api";
import { type Column, column, type Figure, FIGURES, moved, sameColumn } from "./view";

const SHOWN = 200;

interface Props {
  project: Project;
  columns: Column[];
  onApply: (columns: Column[] | null) => void;
  onClose: () => void;
}

export function ColumnsDialog({ project, columns, onApply, onClose }: Props) {
  const [chosen, setChosen] = useState(columns);
  const [search, setSearch] = useState("");
  const key = JSON.stringify([project, search]);
  const names = useLoad(key, (signal) => attributeNames(project, search, SHOWN, signal));
  const toggle = (path: string, figure: Figure) => {
    const one = column(path, figure);
    setChosen((before) =>
      before.some((each) => sameColumn(each, one)) ? before.filter((each) => !sameColumn(each, one)) : [...before, one],
    );
  };
  return (
    <Dialog
      title="Columns"
      wide
      onClose={onClose}
      actions={
        <>
          <button
            type="button"
            onClick={() => {
              onApply(null);
            }}
          >
            Usual columns
          </button>
          <button
            type="button"
            class="primary"
            onClick={() => {
              onApply(chosen);
            }}
          >
            Show {chosen.length} columns
          </button>
        </>
      }
    >
      <div class="runs-columns">
        <section aria-label="Attributes">
          <input
            type="search"
            aria-label="Search attributes"
            placeholder="Search attributes"
            value={search}
            onInput={(event) => {
              setSearch(event.currentTarget.value);
            }}
          />
          {names.error ? <Failed error={names.error} retry={names.reload} /> : null}
          {names.value ? null : <Loading what="attributes" />}
          <ul class="runs-names">
            {names.value?.map(({ path, types }) => (
              <li key={path}>
                <NameChoice path={path} types={types} chosen={chosen} onToggle={toggle} />
              </li>
            ))}
          </ul>
          {names.value?.length === 0 ? <p>No attribute has that in its name.</p> : null}
          {names.value?.length === SHOWN ? <p>There are more: search for a part of the name.</p> : null}
        </section>
        <section aria-label="Chosen columns">
          <h3>Chosen</h3>
          <ol class="runs-names">
            {chosen.map((each, at) => (
              <li key={`${each.aggregate}:${each.path}`}>
                <span class="runs-clip" title={each.path}>
                  {titleOf(each.path, each.aggregate)}
                </span>
                <button
                  type="button"
                  aria-label={`Move ${each.path} up`}
                  disabled={at === 0}
                  onClick={() => {
                    setChosen(moved(chosen, at, at - 1));
                  }}
                >
                  ↑
                </button>
                <button
                  type="button"
                  aria-label={`Move ${each.path} down`}
                  disabled={at === chosen.length - 1}
                  onClick={() => {
                    setChosen(moved(chosen, at, at + 1));
                  }}
                >
                  ↓
                </button>
                <button
                  type="button"
                  aria-label={`Remove ${each.path}`}
                  onClick={() => {
                    toggle(each.path, each.aggregate);
                  }}
                >
                  ×
                </button>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  path: string;
  types: readonly string[];
  chosen: readonly Column[];
  onToggle: (path: string, figure: Figure) => void;
}

function NameChoice({ path, types, chosen, onToggle }: ChoiceProps) {
  const [figure, setFigure] = useState<Figure>("last");
  const isChosen = chosen.some((each) => sameColumn(each, { path, aggregate: figure }));
  return (
    <>
      <label class="runs-clip" title={`${path} (${types.join(", ")})`}>
        <input
          type="checkbox"
          checked={isChosen}
          onChange={() => {
            onToggle(path, figure);
          }}
        />{" "}
        {path}
      </label>
      {types.includes("floatSeries") ? (
        <select
          aria-label={`Value of ${path}`}
          value={figure}
          onChange={(event) => {
            setFigure(FIGURES.find((each) => each === event.currentTarget.value) ?? "last");
          }}
        >
          {FIGURES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : null}
    </>
  );
}
