/** Attributes as a tree of namespaces. */
import type { Attribute } from "./run_data";

export interface Branch {
  name: string;
  /** Full path, with a slash at its end; empty for the root. */
  prefix: string;
  branches: Branch[];
  leaves: Attribute[];
  /** Attributes below it, at any depth. */
  count: number;
}

/** The tree of attributes; branches and leaves in the order of their names. */
export function treeOf(attributes: readonly Attribute[]): Branch {
  const root: Branch = { name: "", prefix: "", branches: [], leaves: [], count: 0 };
  const byPrefix = new Map<string, Branch>([["", root]]);
  for (const attribute of attributes) {
    const parts = attribute.path.split("/");
    let branch = root;
    branch.count += 1;
    for (const name of parts.slice(0, -1)) {
      const prefix = `${branch.prefix}${name}/`;
      let next = byPrefix.get(prefix);
      if (!next) {
        next = { name, prefix, branches: [], leaves: [], count: 0 };
        byPrefix.set(prefix, next);
        branch.branches.push(next);
      }
      next.count += 1;
      branch = next;
    }
    branch.leaves.push(attribute);
  }
  for (const branch of byPrefix.values()) {
    branch.branches.sort((one, other) => compareNames(one.name, other.name));
    branch.leaves.sort((one, other) => compareNames(one.path, other.path));
  }
  return root;
}

/** Attributes whose path, or short value, contains every word of a search, in any case. */
export function found(attributes: readonly Attribute[], search: string): Attribute[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...attributes];
  return attributes.filter((one) => {
    const text = `${one.path} ${typeof one.value === "string" ? one.value.slice(0, 200) : ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const collator = new Intl.Collator("en", { numeric: true });

/** By name, with numbers in their order: epoch_2 before epoch_10. */
export function compareNames(one: string, other: string): number {
  return collator.compare(one, other);
}
