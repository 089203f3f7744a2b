import { expect, it } from "vitest";

import { placed, usualColumns, widthOf } from "./columns";
import { column } from "./view";

it("shows some metrics, the telling ones first", () => {
  const paths = usualColumns(["best/metrics/precision(B)", "best/metrics/mAP50-95(B)", "metrics/mAP50(B)"]);
  expect(paths.slice(2, 4).map((each) => each.path)).toEqual(["best/metrics/mAP50-95(B)", "best/metrics/precision(B)"]);
  expect(usualColumns(["metrics/a", "x"])[2]?.path).toBe("metrics/a");
  expect(usualColumns([])).toHaveLength(5);
});

it("keeps pinned columns at the left edge", () => {
  const [first, second] = placed([column("a"), { ...column("b"), pinned: true, width: 300 }]);
  expect(first).toMatchObject({ at: 1, left: 150 });
  expect(second).toMatchObject({ at: 0, left: null });
  expect(widthOf(column("sys/name"))).toBe(160);
  expect(widthOf(column("n"))).toBe(96);
  expect(widthOf(column("best/metrics/mAP50-95(B)"))).toBe(126);
  expect(widthOf(column("path/of/an_attribute_with_a_very_long_name"))).toBe(240);
});
