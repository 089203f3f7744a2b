/** Title of the window: of the address, unless a page knows a better one. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export const pageTitle = signal<string | null>(null);

/** Set the window's title while a component is shown, such as "YOL-1 first try"; null leaves that of the address. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    pageTitle.value = title;
    return () => {
      pageTitle.value = null;
    };
  }, [title]);
}
