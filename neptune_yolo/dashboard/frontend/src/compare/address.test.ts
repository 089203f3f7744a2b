import { describe, expect, it } from "vitest";

import { readRuns, readTab, withFirst, writeRuns } from "./address";

describe("the address", () => {
  it("names runs once, in order", () => {
    expect(readRuns("YOL-2, YOL-1,,YOL-2")).toEqual(["YOL-2", "YOL-1"]);
    expect(readRuns(null)).toEqual([]);
    expect(readRuns('YOL-1,<script>,"')).toEqual(["YOL-1"]);
    expect(writeRuns([])).toBeNull();
    expect(readRuns(writeRuns(["A-1", "A-2"]))).toEqual(["A-1", "A-2"]);
  });

  it("falls back to the configuration", () => {
    expect(readTab("metrics")).toBe("metrics");
    expect(readTab("nothing")).toBe("configuration");
    expect(readTab(null)).toBe("configuration");
  });

  it("puts a run first", () => {
    expect(withFirst(["a", "b", "c"], "c")).toEqual(["c", "a", "b"]);
  });
});
