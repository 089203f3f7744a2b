/** One file, shown as far as a browser can. */
import { ask } from "../api/client";
import { PREFIX } from "../api/client";
import { formatBytes } from "../ui/format";
import { Failed, Loading } from "../ui/states";
import { useLoad } from "../ui/use_load";
import { readCsv } from "./csv";
import { formOf, prettyJson } from "./files_data";
import { Copy } from "./parts";

const TEXT_BYTES = 1_000_000;
const JSON_BYTES = 5_000_000;
const ROWS = 1000;

export interface PreviewProps {
  name: string;
  extension: string;
  sizeBytes: number;
  /** Changes with the content. */
  version: string;
  url: string;
  download: string;
}

export function Preview(props: PreviewProps) {
  const { name, sizeBytes, download } = props;
  return (
    <section aria-label={name}>
      <header class="run-file-head">
        <h2>{name}</h2>
        <span class="run-muted">{formatBytes(sizeBytes)}</span>
        <Copy text={name} what="path" />
        <a href={download} download>
          Download
        </a>
      </header>
      <Content {...props} />
    </section>
  );
}

function Content(props: PreviewProps) {
  const { name, extension, url, sizeBytes } = props;
  const form = formOf(extension);
  if (form === "picture") return <img class="run-picture" src={url} alt={name} />;
  if (form === "page") return <iframe class="run-page" title={name} src={url} sandbox="allow-scripts" />;
  if (form === "none") {
    return <p class="run-note">A browser cannot show this kind of file. Download it to look at it.</p>;
  }
  if (sizeBytes === 0) return <p class="run-note">The file is empty.</p>;
  return <TextContent {...props} />;
}

function TextContent({ name, extension, url, version, sizeBytes }: PreviewProps) {
  const form = formOf(extension);
  const limit = form === "json" ? JSON_BYTES : TEXT_BYTES;
  const loaded = useLoad(`${url} ${version}`, (signal) => readText(url, sizeBytes, limit, signal));
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  if (loaded.value === null) return <Loading what={name} />;
  const text = loaded.value;
  const cut = sizeBytes > limit ? <p class="run-note">Only the first {formatBytes(limit)} are shown.</p> : null;
  return (
    <>
      {cut}
      {form === "table" ? (
        <CsvTable text={text} separator={extension.toLowerCase() === "tsv" ? "\t" : ","} />
      ) : (
        <pre class="run-text">{form === "json" && !cut ? prettyJson(text) : text}</pre>
      )}
    </>
  );
}

async function readText(url: string, sizeBytes: number, limit: number, signal: AbortSignal): Promise<string> {
  const path = url.slice(PREFIX.length);
  const answer = await ask(
    path,
    sizeBytes > limit ? { signal, headers: { Range: `bytes=0-${limit - 1}` } } : { signal },
  );
  return answer.text();
}

function CsvTable({ text, separator }: { text: string; separator: string }) {
  const { rows, isCut } = readCsv(text, ROWS, separator);
  const [head, ...rest] = rows;
  if (!head) return <p class="run-note">The table is empty.</p>;
  return (
    <div class="run-scroll">
      <table class="run-table">
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rest.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isCut ? <p class="run-note">Only the first {ROWS} rows are shown. Download the file to see all.</p> : null}
    </div>
  );
}
