/** One cell of the table. */
import { type Cell, cellText, isNumeric, type Row } from "./cells";
import { Editable } from "./editable";
import type { Schemas } from "../api/client";
import { statusOf } from "../ui/status";
import { tagsChange, tagsOf } from "./tags";
import type { Column } from "./view";

export type Change = (sysId: string, change: Partial<Schemas["RunChange"]>) => Promise<void>;

interface Props {
  row: Row;
  column: Column;
  value: Cell;
  type: string | null;
  onChange: Change;
}

export function CellContent({ row: { run }, column, value, type, onChange }: Props) {
  const mayEdit = run.role !== "viewer";
  const text = cellText(value, column.path, type);
  switch (column.path) {
    case "sys/state": {
      const { word, tone } = statusOf(run);
      return <span class={`runs-state runs-${tone}`}>{word}</span>;
    }
    case "sys/name":
      return (
        <Editable
          label={`name of ${run.sys_id}`}
          value={run.name}
          mayEdit={mayEdit}
          onSave={(name) => onChange(run.sys_id, { name })}
        >
          {run.name}
        </Editable>
      );
    case "sys/description":
      return (
        <Editable
          label={`description of ${run.sys_id}`}
          value={run.description}
          mayEdit={mayEdit}
          onSave={(description) => onChange(run.sys_id, { description })}
        >
          {run.description}
        </Editable>
      );
    case "sys/tags":
      return (
        <Editable
          label={`tags of ${run.sys_id}, with commas between`}
          value={run.tags.join(", ")}
          mayEdit={mayEdit}
          onSave={(tags) => onChange(run.sys_id, tagsChange(run.tags, tagsOf(tags)))}
        >
          {run.tags.map((tag) => (
            <span key={tag} class="runs-tag">
              {tag}
            </span>
          ))}
        </Editable>
      );
    default:
      return (
        <span class={isNumeric(type) ? "runs-clip runs-number" : "runs-clip"} title={text}>
          {text}
        </span>
      );
  }
}
