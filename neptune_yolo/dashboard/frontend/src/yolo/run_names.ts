/** Which run people mean by what they type. Pure functions. */

export interface Offered {
  id: string;
  name: string;
}

/** The run of a text: an identifier, its number alone, or the name of an offered run; null for nothing. */
export function namedRun(text: string, prefix: string, offered: readonly Offered[]): string | null {
  const typed = text.trim();
  if (!typed) return null;
  if (/^\d+$/.test(typed)) return prefix + typed;
  const lower = typed.toLowerCase();
  const isId = (one: Offered) => one.id.toLowerCase() === lower;
  const isName = (one: Offered) => one.name.toLowerCase() === lower;
  const isPart = (one: Offered) => one.name.toLowerCase().includes(lower);
  const isFull = lower.startsWith(prefix.toLowerCase()) && /^\d+$/.test(lower.slice(prefix.length));
  if (isFull) return prefix + lower.slice(prefix.length);
  return (offered.find(isId) ?? offered.find(isName) ?? offered.find(isPart))?.id ?? typed;
}
