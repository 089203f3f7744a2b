/** Files of a run: a list, a preview and a download. */
import { PREFIX, askJson, type Schemas } from "../api/client";
import { formatBytes, formatPlural } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { query } from "../api/client";
import { type FileItem, filesOf } from "./files_data";
import { Preview } from "./preview";
import { archiveAddress, fileRoute, runRoute, type RunPlace, type RunView } from "./run_data";
import { found } from "./tree";
import { useQueryValue } from "../ui/query_state";

export function FilesPanel({ view, prefixes }: { view: RunView; prefixes?: readonly string[] }) {
  const [path, setPath] = useQueryValue("path", "push");
  const [search, setSearch] = useQueryValue("find");
  const all = filesOf(view.attributes, prefixes);
  if (!all.length) {
    return (
      <Empty title="No files">
        <p>A run has files once a program uploads some, such as a training its plots and checkpoints.</p>
      </Empty>
    );
  }
  const fitting = search ? new Set(found(view.attributes.all, search).map((one) => one.path)) : null;
  const items = fitting ? all.filter((one) => fitting.has(one.path)) : all;
  const chosen = all.find((one) => one.path === path) ?? (path ? undefined : items[0]);
  return (
    <div class="run-files">
      <nav aria-label="Files">
        <input
          type="search"
          aria-label="Search files"
          placeholder="Search files"
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        <p class="run-muted" role="status">
          {formatPlural(items.length, "file")}
        </p>
        <ul>
          {items.map((one) => (
            <li key={one.path}>
              <button
                type="button"
                class="plain"
                aria-current={one.path === chosen?.path}
                onClick={() => {
                  setPath(one.path);
                }}
              >
                <span>{one.path}</span> <span class="run-muted">{formatBytes(one.sizeBytes)}</span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div class="run-preview">
        {chosen ? (
          <Chosen key={chosen.path} place={view.place} item={chosen} />
        ) : (
          <Empty title="Not found">
            <p>This run has no file at “{path}”. Choose one of the list.</p>
          </Empty>
        )}
      </div>
    </div>
  );
}

function Chosen({ place, item }: { place: RunPlace; item: FileItem }) {
  if (item.isSet) return <FileSet place={place} path={item.path} />;
  return (
    <Preview
      name={item.path}
      extension={item.extension}
      sizeBytes={item.sizeBytes}
      version={item.sha256}
      url={PREFIX + fileRoute(place, item.path)}
      download={PREFIX + fileRoute(place, item.path, "", true)}
    />
  );
}

/** The members of a file set, and the one that is chosen. */
export function FileSet({ place, path }: { place: RunPlace; path: string }) {
  const [member, setMember] = useQueryValue("member", "push");
  const url = runRoute(place, "file-set") + query({ path });
  const loaded = useLoad(url, (signal) => askJson<Schemas["FileMembers"]>(url, { signal }));
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value) return <Loading what="the files" />;
  const { members } = loaded.value;
  const chosen = members.find((one) => one.path === member) ?? members[0];
  if (!chosen) return <Empty title="The file set is empty" />;
  const sizeBytes = members.reduce((sum, one) => sum + one.size_bytes, 0);
  return (
    <>
      <p class="run-member">
        <b>{path}</b>
        <span class="run-muted">
          {formatPlural(members.length, "file")}, {formatBytes(sizeBytes)}
        </span>
        <a href={archiveAddress(place, path)} download>
          Download all (zip)
        </a>
      </p>
      <label class="run-member">
        File
        <select
          value={chosen.path}
          onChange={(event) => {
            setMember(event.currentTarget.value);
          }}
        >
          {members.map((one) => (
            <option key={one.path} value={one.path}>
              {one.path}
            </option>
          ))}
        </select>
      </label>
      <Preview
        key={chosen.path}
        name={chosen.path}
        extension={chosen.path.includes(".") ? (chosen.path.split(".").pop() ?? "") : ""}
        sizeBytes={chosen.size_bytes}
        version={chosen.sha256}
        url={PREFIX + fileRoute(place, path, chosen.path)}
        download={PREFIX + fileRoute(place, path, chosen.path, true)}
      />
    </>
  );
}
