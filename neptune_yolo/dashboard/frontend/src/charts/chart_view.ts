/** What a project's people have made of its charts: those that are pinned, and charts of their own. */
import type { ChartSpec } from "./metrics";

export interface ChartView {
  /** Keys of the charts that stand first. */
  pinned: string[];
  custom: { title: string; paths: string[] }[];
}

/** Name under which it is saved, for everybody in the project. */
export const VIEW_NAME = "Charts of the project";

export const CUSTOM_NAMESPACE = "custom";

/** Read what was saved; what it cannot mean is left out. */
export function readView(views: readonly { name: string; content: unknown }[]): ChartView {
  const content = views.find((view) => view.name === VIEW_NAME)?.content ?? {};
  const { pinned, custom } = content as { pinned?: unknown; custom?: unknown };
  return {
    pinned: texts(pinned),
    custom: (Array.isArray(custom) ? custom : []).flatMap((one: unknown) => {
      const { title, paths } = (one ?? {}) as { title?: unknown; paths?: unknown };
      const chosen = texts(paths);
      return typeof title === "string" && chosen.length ? [{ title, paths: chosen }] : [];
    }),
  };
}

/** Own charts as others are; their key tells that they are own ones. */
export function customCharts(view: ChartView): ChartSpec[] {
  return view.custom.map(({ title, paths }) => ({
    key: `${CUSTOM_NAMESPACE}:${title}`,
    title,
    namespace: CUSTOM_NAMESPACE,
    paths,
  }));
}

export function withPin(view: ChartView, key: string): ChartView {
  const isPinned = view.pinned.includes(key);
  return { ...view, pinned: isPinned ? view.pinned.filter((other) => other !== key) : [...view.pinned, key] };
}

/** A view with one more own chart, in place of one with the same title. */
export function withChart(view: ChartView, title: string, paths: string[]): ChartView {
  return { ...view, custom: [...view.custom.filter((other) => other.title !== title), { title, paths }] };
}

export function withoutChart(view: ChartView, title: string): ChartView {
  const key = `${CUSTOM_NAMESPACE}:${title}`;
  return {
    pinned: view.pinned.filter((other) => other !== key),
    custom: view.custom.filter((other) => other.title !== title),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
