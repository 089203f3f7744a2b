/** Choose the attribute by which runs are grouped; names are offered. */
import { useState } from "preact/hooks";

import { askJson, query, route, type Schemas } from "../api/client";
import type { ProjectName } from "../api/series";
import { useLoad } from "../ui/use_load";
import { Typed } from "./typed";

const OFFERED = 50;
/** Types whose values runs share with others. */
const GROUPING = new Set(["string", "int", "float", "bool", "stringSet"]);

interface Props {
  project: ProjectName;
  value: string;
  onChange: (path: string) => void;
}

export function GroupBy({ project: { workspace, project }, value, onChange }: Props) {
  const [isUsed, setUsed] = useState(false);
  const [part, setPart] = useState(value);
  const path = route("projects", workspace, project, "attribute-names") + query({ search: part, limit: OFFERED });
  const names = useLoad(isUsed ? path : "", async (signal) =>
    isUsed ? (await askJson<Schemas["AttributeNames"]>(path, { signal })).names : [],
  );
  const offers = (names.value ?? []).filter(({ types }) => types.some((type) => GROUPING.has(type)));
  return (
    <Typed
      label="Group runs by"
      placeholder="Attribute"
      value={value}
      offers={offers.map((offer) => offer.path)}
      onFocus={() => {
        setUsed(true);
      }}
      isWhole={(text) => text === "" || offers.some((offer) => offer.path === text)}
      onTyped={setPart}
      onChange={onChange}
    />
  );
}
