/** Small parts that several panels of a run show. */
import type { ComponentChildren } from "preact";

import { CopyButton } from "../ui/copy_button";
import { formatBytes, formatMoment, formatNumber, formatPlural } from "../ui/format";
import type { Attribute } from "./run_data";

/** A button that copies a text; `what` says what that is. */
export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <span class="run-copy">
      <CopyButton text={text} label={`Copy ${what}`} />
    </span>
  );
}

export type Fact = readonly [label: string, value: ComponentChildren];

/** A titled list of facts; those without a value are left out, and the whole of it if none has one. */
export function Facts({ title, facts }: { title: string; facts: readonly Fact[] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (!known.length) return null;
  return (
    <section class="run-card">
      <h2>{title}</h2>
      <dl class="run-facts">
        {known.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A piece of program or log text, with a button that copies it. */
export function Code({ text, what }: { text: string; what: string }) {
  return (
    <div class="run-code">
      <Copy text={text} what={what} />
      <pre>
        <code>{text}</code>
      </pre>
    </div>
  );
}

const TYPE_WORDS: Record<string, string> = {
  int: "integer",
  bool: "boolean",
  fileSet: "file set",
  floatSeries: "float series",
  stringSeries: "string series",
  imageSeries: "image series",
  stringSet: "string set",
  gitRef: "Git commit",
  experimentState: "state",
};

/** A type in Neptune's words. */
export function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

/** The value of an attribute in one line. */
export function valueText(attribute: Attribute): string {
  const { value, series, file } = attribute;
  if (file) return attribute.type === "fileSet" ? formatBytes(file.size_bytes) : fileText(file);
  if (attribute.type === "imageSeries") return formatPlural(series?.count ?? 0, "picture");
  if (attribute.type === "datetime" && typeof value === "number") return formatMoment(value, true);
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "number") return formatNumber(value, 6);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "–" : JSON.stringify(value);
}

function fileText(file: { extension: string; size_bytes: number }): string {
  return `${file.extension ? `.${file.extension}, ` : ""}${formatBytes(file.size_bytes)}`;
}
