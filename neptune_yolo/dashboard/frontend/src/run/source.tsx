/** The program that was run: its commit, its files and what it was run with. */
import { formatMoment } from "../ui/format";
import { Empty } from "../ui/states";
import { FilesPanel } from "./files";
import { filesOf } from "./files_data";
import { Code, Copy, type Fact, Facts } from "./parts";
import type { RunView } from "./run_data";
import { commitOf } from "./source_data";

const PREFIXES = ["source_code/", "environment/packages", "dataset/yaml"];

export function SourcePanel({ view }: { view: RunView }) {
  const { attributes } = view;
  const commit = commitOf(attributes);
  const facts: Fact[] = [
    ["Commit", commit.id ? <Commit id={commit.id} /> : null],
    ["Message", commit.message],
    ["Author", commit.author],
    ["Date", commit.dateMs === null ? null : formatMoment(commit.dateMs)],
    ["Branch", commit.branch],
    ["Origin", commit.remotes.join(", ")],
    ["Working tree", commit.isDirty === null ? null : commit.isDirty ? "with changes that are not committed" : "clean"],
    ["Entry point", attributes.text("source_code/entrypoint")],
    ["neptune_yolo", attributes.text("source_code/integrations/neptune-yolo")],
  ];
  const command = attributes.text("environment/command");
  const hasFiles = filesOf(attributes, PREFIXES).length > 0;
  const hasFacts = facts.some(([, value]) => value);
  if (!hasFacts && !hasFiles && !command) {
    return (
      <Empty title="No source code">
        <p>Start the training inside a Git repository to have its commit here.</p>
      </Empty>
    );
  }
  return (
    <>
      <Facts title="Source code" facts={facts} />
      {command ? <Code text={command} what="command" /> : null}
      {hasFiles ? <FilesPanel view={view} prefixes={PREFIXES} /> : null}
    </>
  );
}

function Commit({ id }: { id: string }) {
  return (
    <>
      <code>{id.slice(0, 12)}</code> <Copy text={id} what="commit" />
    </>
  );
}
