/** Above the table: searching, grouping, columns, views, export. */
import { useEffect, useRef, useState } from "preact/hooks";

import { ApiError } from "../api/client";
import { formatPlural } from "../ui/format";
import { ColumnsDialog } from "./columns_dialog";
import { GroupMenu } from "./group_menu";
import { NqlInput } from "./nql_input";
import { exportCsv, type Project, searchBody } from "./runs_api";
import type { ChangeView } from "./runs_page";
import { type Column, type View, writeView } from "./view";
import { ViewsMenu } from "./views_menu";
import { useLocation } from "wouter-preact";

const PAUSE_MS = 150;

interface Props {
  project: Project;
  view: View;
  columns: Column[];
  change: ChangeView;
  syntax: ApiError | null;
  total: number | null;
}

export function Toolbar({ project, view, columns, change, syntax, total }: Props) {
  const [isChoosing, setChoosing] = useState(false);
  const [path, navigate] = useLocation();
  return (
    <div class="runs-toolbar">
      <SimpleSearch
        value={view.search}
        onChange={(search) => {
          change({ search }, true);
        }}
      />
      <NqlInput
        project={project}
        value={view.nql}
        error={syntax}
        onApply={(nql) => {
          change({ nql });
        }}
      />
      <span class="runs-count" role="status">
        {total === null || syntax
          ? ""
          : formatPlural(total, view.trash ? "run in the trash" : "run", view.trash ? "runs in the trash" : "runs")}
      </span>
      <GroupMenu
        project={project}
        by={view.by}
        onChange={(by) => {
          change({ by, within: [] });
        }}
      />
      <button
        type="button"
        onClick={() => {
          setChoosing(true);
        }}
      >
        Columns
      </button>
      <ViewsMenu
        project={project}
        address={writeView({ ...view, selected: [] })}
        onOpen={(address) => {
          navigate(address ? `${path}?${address}` : path);
        }}
      />
      <ExportButton project={project} view={view} columns={columns} />
      <button
        type="button"
        aria-pressed={view.trash}
        onClick={() => {
          change({ trash: !view.trash, selected: [] });
        }}
      >
        Trash
      </button>
      {isChoosing ? (
        <ColumnsDialog
          project={project}
          columns={columns}
          onClose={() => {
            setChoosing(false);
          }}
          onApply={(chosen) => {
            setChoosing(false);
            change({ columns: chosen });
          }}
        />
      ) : null}
    </div>
  );
}

function SimpleSearch({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const timerRef = useRef(0);
  useEffect(() => {
    setText(value);
  }, [value]);
  return (
    <input
      type="search"
      class="runs-search"
      aria-label="Search runs by ID, name, tag or description"
      placeholder="Search ID, name, tags"
      value={text}
      onInput={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        clearTimeout(timerRef.current);
        timerRef.current = window.setTimeout(() => {
          onChange(typed.trim());
        }, PAUSE_MS);
      }}
    />
  );
}

function ExportButton({ project, view, columns }: Pick<Props, "project" | "view" | "columns">) {
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const save = async () => {
    setState("busy");
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await exportCsv(project, searchBody(view, columns)));
      link.download = `${project.project}-runs.csv`;
      link.click();
      window.setTimeout(() => {
        URL.revokeObjectURL(link.href);
      }, 1000);
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  return (
    <button type="button" disabled={state === "busy"} onClick={() => void save()}>
      {state === "busy" ? "Exporting …" : state === "failed" ? "Export failed, try again" : "Export CSV"}
    </button>
  );
}
