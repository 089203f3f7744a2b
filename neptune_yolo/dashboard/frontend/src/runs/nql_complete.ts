/** What can stand where somebody types in a query: names of attributes, comparisons, values, AND and OR. */

export type Expected = "name" | "operator" | "value" | "joiner";

export interface Place {
  expected: Expected;
  /** What is typed so far; it stands from `start` to `end` of the text. */
  part: string;
  start: number;
  end: number;
  /** Name of the attribute that the comparison is of. */
  name: string;
}

export interface Suggestion {
  text: string;
  detail: string;
}

const TOKEN = /`[^`]*`?(?::\w+(?:\.\w+)?)?|"(?:[^"\\]|\\.)*"?|[()]|!=|<=|>=|[=<>]|[^\s()=<>!`"]+|!/g;
const WORDS = new Set(["AND", "OR", "NOT"]);
const COMPARISONS = ["=", "!=", ">", ">=", "<", "<=", "CONTAINS", "NOT CONTAINS", "MATCHES", "NOT MATCHES"];
const SYMBOLS = new Set(["=", "!=", ">", ">=", "<", "<=", "!"]);

const VALUES: Record<string, readonly string[]> = {
  "sys/state": ["running", "idle"],
  "sys/failed": ["true", "false"],
  "sys/trashed": ["true", "false"],
  "sys/creation_time": ["-1h", "-24h", "-7d", "-30d"],
  "sys/modification_time": ["-1h", "-24h", "-7d"],
};

/** Find out what is expected at a place of a query. */
export function placeOf(text: string, caret: number): Place {
  const before = text.slice(0, caret);
  let expected: Expected = "name";
  let name = "";
  let part = "";
  let start = caret;
  for (const token of before.matchAll(TOKEN)) {
    const word = token[0];
    const isOpen = token.index + word.length === caret && !isClosed(word);
    if (isOpen) {
      part = word;
      start = token.index;
      break;
    }
    [expected, name] = after(expected, name, word);
  }
  return { expected, part: part.replace(/^[`"]/, ""), start, end: caret, name };
}

function isClosed(word: string): boolean {
  return word === "(" || word === ")" || (/^[`"]/.test(word) && word.length > 1 && word.endsWith(word.charAt(0)));
}

function after(expected: Expected, name: string, word: string): [Expected, string] {
  const upper = word.toUpperCase();
  if (word === "(") return ["name", ""];
  if (word === ")") return ["joiner", ""];
  switch (expected) {
    case "name":
      return upper === "NOT" ? ["name", ""] : ["operator", nameOf(word)];
    case "operator":
      return upper === "NOT" ? ["operator", name] : ["value", name];
    case "value":
      return SYMBOLS.has(word) ? ["value", name] : ["joiner", ""];
    case "joiner":
      return WORDS.has(upper) ? ["name", ""] : ["joiner", ""];
  }
}

function nameOf(word: string): string {
  const quoted = /^`([^`]*)`/.exec(word);
  return quoted?.[1] ?? word.replace(/:\w+(\.\w+)?$/, "");
}

/** A name as a query has to write it. */
export function quoteName(path: string): string {
  return /^[A-Za-z_][\w/]*$/.test(path) ? path : `\`${path}\``;
}

/** What to offer at a place; `names` are those of attributes that contain what is typed. */
export function suggestions(place: Place, names: readonly { path: string; types: readonly string[] }[]): Suggestion[] {
  const part = place.part.toLowerCase();
  switch (place.expected) {
    case "name": {
      const found = names.map(({ path, types }) => ({ text: quoteName(path), detail: types.join(", ") }));
      return "not".startsWith(part) && part ? [...found, { text: "NOT", detail: "the opposite" }] : found;
    }
    case "operator":
      return plain(COMPARISONS, part);
    case "value":
      return plain(VALUES[place.name] ?? [], part);
    case "joiner":
      return plain(["AND", "OR"], part);
  }
}

function plain(words: readonly string[], part: string): Suggestion[] {
  return words.filter((word) => word.toLowerCase().startsWith(part)).map((text) => ({ text, detail: "" }));
}

/** The text with a suggestion taken over, and where the caret stands then. */
export function accept(text: string, place: Place, suggestion: string): { text: string; caret: number } {
  const rest = text.slice(place.end);
  const added = rest.startsWith(" ") ? suggestion : `${suggestion} `;
  const caret = place.start + added.length + (rest.startsWith(" ") ? 1 : 0);
  return { text: text.slice(0, place.start) + added + rest, caret };
}
