import { expect, test } from "vitest";

import { customCharts, readView, VIEW_NAME, withChart, withoutChart, withPin } from "./chart_view";

const saved = (content: unknown, name = VIEW_NAME) => ({ name, content });

test("what was saved is read, and what makes no sense is left out", () => {
  const content = {
    pinned: ["*/loss", 7],
    custom: [{ title: "Both", paths: ["a", "b"] }, { title: "None", paths: [] }, null],
  };
  expect(readView([saved({}, "another"), saved(content)])).toEqual({
    pinned: ["*/loss"],
    custom: [{ title: "Both", paths: ["a", "b"] }],
  });
  expect(readView([])).toEqual({ pinned: [], custom: [] });
});

test("charts are pinned, made and removed", () => {
  const made = withPin(withChart({ pinned: [], custom: [] }, "Both", ["a", "b"]), "custom:Both");
  expect(customCharts(made)).toEqual([{ key: "custom:Both", title: "Both", namespace: "custom", paths: ["a", "b"] }]);
  expect(made.pinned).toEqual(["custom:Both"]);
  expect(withPin(made, "custom:Both").pinned).toEqual([]);
  expect(withChart(made, "Both", ["c"]).custom).toEqual([{ title: "Both", paths: ["c"] }]);
  expect(withoutChart(made, "Both")).toEqual({ pinned: [], custom: [] });
});
