/** Read CSV texts for a preview. */

export interface Rows {
  rows: string[][];
  /** Whether there were more rows than were wanted. */
  isCut: boolean;
}

/** Rows of a CSV text, with quoted cells as RFC 4180 has them; at most so many. Cells are trimmed. */
export function readCsv(text: string, limit: number, separator = ","): Rows {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = "";
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0]) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += char;
        at += 1;
      } else isQuoted = false;
    } else if (char === '"' && !cell.trim()) isQuoted = true;
    else if (char === separator) endCell();
    else if (char === "\n") {
      endRow();
      if (rows.length > limit) return { rows: rows.slice(0, limit), isCut: true };
    } else if (char !== "\r") cell += char;
  }
  if (cell || row.length) endRow();
  return { rows: rows.slice(0, limit), isCut: rows.length > limit };
}
