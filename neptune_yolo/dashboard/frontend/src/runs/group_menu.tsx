/** Choose the attributes by which runs are grouped. */
import { useState } from "preact/hooks";

import { useLoad } from "../ui/use_load";
import { titleOf } from "./cells";
import { PopMenu } from "./pop_menu";
import { attributeNames, type Project } from "./runs_api";

const SHOWN = 30;

interface Props {
  project: Project;
  by: string[];
  onChange: (by: string[]) => void;
}

export function GroupMenu(props: Props) {
  const label = props.by.length ? `Group: ${props.by.map((path) => titleOf(path)).join(", ")}` : "Group";
  return <PopMenu label={label}>{() => <GroupPanel {...props} />}</PopMenu>;
}

function GroupPanel({ project, by, onChange }: Props) {
  const [search, setSearch] = useState("");
  const names = useLoad(JSON.stringify([project, search]), (signal) => attributeNames(project, search, SHOWN, signal));
  const others = names.value?.map(({ path }) => path).filter((path) => !by.includes(path)) ?? [];
  return (
    <div class="runs-menu">
      <input
        type="search"
        aria-label="Group by attribute"
        placeholder="Group by attribute"
        value={search}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
        }}
      />
      <ul class="runs-names">
        {[...by, ...others].map((path) => (
          <li key={path}>
            <label class="runs-clip" title={path}>
              <input
                type="checkbox"
                checked={by.includes(path)}
                disabled={by.length >= 5 && !by.includes(path)}
                onChange={() => {
                  onChange(by.includes(path) ? by.filter((each) => each !== path) : [...by, path]);
                }}
              />{" "}
              {path}
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}
