/** Tags as text, and back. */

/** Tags that are written with commas between them. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()))].filter(Boolean);
}

/** What has to be added and removed. */
export function tagsChange(before: readonly string[], after: readonly string[]) {
  return {
    add_tags: after.filter((tag) => !before.includes(tag)),
    remove_tags: before.filter((tag) => !after.includes(tag)),
  };
}
