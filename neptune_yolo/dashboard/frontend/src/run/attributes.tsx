/** All attributes of a run as a tree, with a search. */
import { useMemo, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { askJson, query } from "../api/client";
import { formatNumber, formatPlural } from "../ui/format";
import { useAction } from "../ui/use_action";
import { Copy, typeWord, valueText } from "./parts";
import { type Attribute, runAddress, runRoute, type RunPlace, type RunView } from "./run_data";
import { type Branch, found, treeOf } from "./tree";
import { useQueryValue } from "../ui/query_state";

const SHOWN = 500;
const OPEN_BELOW = 12;
const SHORT = 300;

export function AttributesPanel({ view }: { view: RunView }) {
  const [search, setSearch] = useQueryValue("search");
  const all = view.attributes.all;
  const tree = useMemo(() => treeOf(all), [all]);
  const fitting = useMemo(() => (search ? found(all, search) : all), [all, search]);
  return (
    <>
      <div class="run-tools">
        <label>
          <span class="visually-hidden">Search attributes</span>
          <input
            type="search"
            placeholder="Search path or text"
            value={search}
            onInput={(event) => {
              setSearch(event.currentTarget.value);
            }}
          />
        </label>
        <span class="run-muted" role="status">
          {search
            ? `${formatPlural(fitting.length, "attribute")} of ${all.length}`
            : formatPlural(all.length, "attribute")}
        </span>
      </div>
      {search ? (
        <Matches place={view.place} attributes={fitting} />
      ) : (
        <Leaves place={view.place} branch={tree} isOpen />
      )}
    </>
  );
}

function Matches({ place, attributes }: { place: RunPlace; attributes: readonly Attribute[] }) {
  const [shown, setShown] = useState(SHOWN);
  if (!attributes.length) return <p class="run-note">No attribute has that. Search for another part of its path.</p>;
  return (
    <>
      <ul class="run-tree">
        {attributes.slice(0, shown).map((one) => (
          <Leaf key={one.path} place={place} attribute={one} name={one.path} />
        ))}
      </ul>
      {attributes.length > shown ? (
        <button
          type="button"
          onClick={() => {
            setShown(shown + SHOWN);
          }}
        >
          Show more
        </button>
      ) : null}
    </>
  );
}

function Leaves({ place, branch, isOpen = false }: { place: RunPlace; branch: Branch; isOpen?: boolean }) {
  const [shown, setShown] = useState(SHOWN);
  return (
    <ul class="run-tree">
      {branch.branches.map((one) => (
        <Node key={one.prefix} place={place} branch={one} isOpen={isOpen && one.count < OPEN_BELOW} />
      ))}
      {branch.leaves.slice(0, shown).map((one) => (
        <Leaf key={one.path} place={place} attribute={one} name={one.path.slice(branch.prefix.length)} />
      ))}
      {branch.leaves.length > shown ? (
        <li>
          <button
            type="button"
            onClick={() => {
              setShown(shown + SHOWN);
            }}
          >
            Show more
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function Node({ place, branch, isOpen }: { place: RunPlace; branch: Branch; isOpen: boolean }) {
  const [open, setOpen] = useState(isOpen);
  return (
    <li>
      <details
        open={open}
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
        }}
      >
        <summary>
          {branch.name} <span class="run-muted">{branch.count}</span>
        </summary>
        {open ? <Leaves place={place} branch={branch} /> : null}
      </details>
    </li>
  );
}

function Leaf({ place, attribute, name }: { place: RunPlace; attribute: Attribute; name: string }) {
  return (
    <li class="run-leaf">
      <span class="run-leaf-name">{name}</span>
      <span class="run-leaf-type">{typeWord(attribute.type)}</span>
      <Value place={place} attribute={attribute} />
      <Copy text={attribute.path} what={`path ${attribute.path}`} />
    </li>
  );
}

function Value({ place, attribute }: { place: RunPlace; attribute: Attribute }) {
  const { path, type, series } = attribute;
  const text = valueText(attribute);
  if (type === "file" || type === "fileSet") {
    return (
      <span class="run-leaf-value">
        <Link href={runAddress(place, "files") + query({ path })}>{text}</Link>
      </span>
    );
  }
  if (type === "stringSeries") {
    return (
      <span class="run-leaf-value">
        <Link href={runAddress(place, "logs") + query({ path })}>{formatPlural(series?.count ?? 0, "line")}</Link>
      </span>
    );
  }
  const range =
    type === "floatSeries" && typeof series?.minimum === "number" && typeof series.maximum === "number"
      ? `${formatPlural(series.count, "point")}, ${formatNumber(series.minimum)} to ${formatNumber(series.maximum)}`
      : "";
  if (text.length > SHORT) return <LongText place={place} attribute={attribute} text={text} />;
  return (
    <span class="run-leaf-value">
      {text}
      {range ? <span class="run-muted"> ({range})</span> : null}
    </span>
  );
}

/** The beginning of a text, and the whole of it on request; lists of attributes have no more than its beginning. */
function LongText({ place, attribute, text }: { place: RunPlace; attribute: Attribute; text: string }) {
  const [whole, setWhole] = useState<string | null>(null);
  const loading = useAction();
  const show = () => {
    loading.run(async () => {
      const url = runRoute(place, "attribute") + query({ path: attribute.path });
      setWhole(valueText(await askJson<Attribute>(url)));
    });
  };
  if (whole !== null) return <pre class="run-leaf-value run-whole">{whole}</pre>;
  return (
    <span class="run-leaf-value">
      {text.slice(0, SHORT)} …{" "}
      <button type="button" class="plain" disabled={loading.busy} onClick={show}>
        Show all
      </button>
      {loading.error ? <span role="alert">{loading.error.message}</span> : null}
    </span>
  );
}
