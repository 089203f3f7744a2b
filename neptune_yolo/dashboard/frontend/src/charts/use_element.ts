/** What is known of an element on the page. */
import { useEffect, useState } from "preact/hooks";

interface Ref<T> {
  current: T | null;
}

/** How far below the window a chart is prepared, in pixels. */
const AHEAD = "200px";

/** Whether an element is in the window, or nearly. */
export function useInView(ref: Ref<Element>): boolean {
  const [inView, setInView] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        setInView(entries.some((entry) => entry.isIntersecting));
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return inView;
}

/** Width of an element in CSS pixels; 0 until it is known. */
export function useWidth(ref: Ref<Element>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new ResizeObserver((entries) => {
      const entry = entries[entries.length - 1];
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return width;
}

/** A number that changes whenever the page becomes dark or light: a canvas does not follow by itself. */
export function useThemeTurn(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const next = () => {
      setTurn((before) => before + 1);
    };
    const observer = new MutationObserver(next);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const preference = matchMedia("(prefers-color-scheme: dark)");
    preference.addEventListener("change", next);
    return () => {
      observer.disconnect();
      preference.removeEventListener("change", next);
    };
  }, []);
  return turn;
}
