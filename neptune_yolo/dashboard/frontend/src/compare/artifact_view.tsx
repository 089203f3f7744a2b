/** The files of an artifact with their sizes and hashes, and what tells two artifacts apart. */
import { useState } from "preact/hooks";

import { askJson, query, route, type Schemas } from "../api/client";
import { formatBytes, formatCount } from "../ui/format";
import { Empty, Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import "./compare.css";
import type { Project } from "./requests";

type File = Schemas["ArtifactFileView"];

export interface ArtifactPlace {
  run: string;
  path: string;
}

const LIMIT = 500;

/** All files of one artifact; for the run page, too. */
export function ArtifactFiles({ where, place }: { where: Project; place: ArtifactPlace }) {
  const [search, setSearch] = useState("");
  const base = route("projects", where.workspace, where.project, "runs", place.run);
  const address = `${base}/artifact${query({ path: place.path, search, limit: LIMIT })}`;
  const loaded = useLoad(address, (signal) => askJson<Schemas["ArtifactView"]>(address, { signal }));
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  const artifact = loaded.value;
  if (!artifact) return <Loading what="the artifact" />;
  return (
    <section class="artifact" aria-label={`Artifact ${place.path} of ${place.run}`}>
      <p class="compare-note">
        {formatCount(artifact.file_count)} files
        {artifact.size_bytes === null ? "" : `, ${formatBytes(artifact.size_bytes)}`}
        {artifact.hash ? (
          <>
            {" "}
            · hash <code title={artifact.hash}>{artifact.hash.slice(0, 12)}</code>
          </>
        ) : null}
      </p>
      <input
        type="search"
        aria-label="Find a file"
        placeholder="Find a file"
        value={search}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
        }}
      />
      {artifact.total === 0 ? (
        <Empty title="No files">No file of this artifact fits.</Empty>
      ) : (
        <FileTable caption="Files" files={artifact.files} total={artifact.total} />
      )}
    </section>
  );
}

/** What the artifact of one place has otherwise than that of another. */
export function ArtifactDifference({
  where,
  one,
  other,
}: {
  where: Project;
  one: ArtifactPlace;
  other: ArtifactPlace;
}) {
  const asked = query({ path: one.path, other_run: other.run, other_path: other.path, limit: LIMIT });
  const base = route("projects", where.workspace, where.project, "runs", one.run);
  const address = `${base}/artifact-difference${asked}`;
  const loaded = useLoad(address, (signal) => askJson<Schemas["ArtifactDifferenceView"]>(address, { signal }));
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  const found = loaded.value;
  if (!found) return <Loading what="the difference" />;
  if (found.hash === found.other_hash)
    return (
      <p role="status">
        The same {formatCount(found.same_count)} files in {one.run} and {other.run}: both have the hash{" "}
        <code>{found.hash?.slice(0, 12) ?? "—"}</code>.
      </p>
    );
  return (
    <section class="artifact" aria-label={`Files of ${other.run} against those of ${one.run}`}>
      <p role="status">
        {other.run} against {one.run}: {formatCount(found.added_count)} added, {formatCount(found.removed_count)}{" "}
        removed, {formatCount(found.changed_count)} changed, {formatCount(found.same_count)} the same.
      </p>
      {found.changed.length ? (
        <table class="compare-table artifact-files">
          <caption>Changed{more(found.changed.length, found.changed_count)}</caption>
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col">Size before</th>
              <th scope="col">Size after</th>
              <th scope="col">Hash before</th>
              <th scope="col">Hash after</th>
            </tr>
          </thead>
          <tbody>
            {found.changed.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td class="compare-number">{sizeText(before)}</td>
                <td class="compare-number">{sizeText(after)}</td>
                <td>
                  <code title={before.hash}>{before.hash.slice(0, 12)}</code>
                </td>
                <td>
                  <code title={after.hash}>{after.hash.slice(0, 12)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {found.added.length ? <FileTable caption="Added" files={found.added} total={found.added_count} /> : null}
      {found.removed.length ? <FileTable caption="Removed" files={found.removed} total={found.removed_count} /> : null}
    </section>
  );
}

function FileTable({ caption, files, total }: { caption: string; files: readonly File[]; total: number }) {
  return (
    <table class="compare-table artifact-files">
      <caption>
        {caption}
        {more(files.length, total)}
      </caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Size</th>
          <th scope="col">Hash</th>
          <th scope="col">Place</th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <tr key={file.path}>
            <th scope="row">{file.path}</th>
            <td class="compare-number">{sizeText(file)}</td>
            <td>
              <code title={file.hash}>{file.hash.slice(0, 12)}</code>
            </td>
            <td>
              {file.type} <span class="compare-note">{file.metadata.file_path ?? ""}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sizeText(file: File): string {
  return file.size_bytes === null ? "—" : formatBytes(file.size_bytes);
}

function more(shown: number, total: number): string {
  return shown < total ? ` (the first ${formatCount(shown)} of ${formatCount(total)})` : ` (${formatCount(total)})`;
}
