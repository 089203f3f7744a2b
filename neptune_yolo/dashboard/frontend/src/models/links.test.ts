import { describe, expect, it } from "vitest";

import { loadSnippet, metricColumns, readVersion, versionLink, weightsOf } from "./links";

const where = { workspace: "local", project: "yolo" };

describe("addresses", () => {
  it("are those that the client prints", () => {
    expect(versionLink(where, "YOL-DET", "YOL-DET-3")).toBe("/local/yolo/m/YOL-DET/v/YOL-DET-3");
  });

  it("name a version, or none", () => {
    expect(readVersion("v/YOL-DET-3")).toBe("YOL-DET-3");
    expect(readVersion("v/YOL-DET-3/metadata")).toBe("YOL-DET-3");
    expect(readVersion("metadata")).toBeNull();
    expect(readVersion(undefined)).toBeNull();
  });
});

describe("the snippet", () => {
  it("loads a checkpoint with YOLO", () => {
    const text = loadSnippet(where, "YOL-DET-1", "weights/best", "pt");
    expect(text).toContain('    project="local/yolo",\n    with_id="YOL-DET-1",\n    mode="read-only",\n');
    expect(text).toContain('version["weights/best"].download("YOL-DET-1.pt")');
    expect(text.endsWith('model = YOLO("YOL-DET-1.pt")')).toBe(true);
  });

  it("only downloads another file", () => {
    expect(loadSnippet(where, "A-B-1", "labels", "txt")).not.toContain("YOLO");
  });

  it("takes the best weights", () => {
    const files = [
      { path: "a", file: { extension: "txt" } },
      { path: "weights/last", file: { extension: "pt" } },
      { path: "weights/best", file: { extension: "pt" } },
    ];
    expect(weightsOf(files)?.path).toBe("weights/best");
    expect(weightsOf(files.slice(0, 2))?.path).toBe("weights/last");
    expect(weightsOf([{ path: "x", file: null }])).toBeNull();
  });
});

describe("columns", () => {
  it("are the metrics that versions have", () => {
    const versions = [
      { attributes: [{ path: "metrics/b", value: 1 }, { path: "run/id", value: "x" }] }, // prettier-ignore
      { attributes: [{ path: "metrics/a", value: 2 }, { path: "metrics/b", value: 1 }] }, // prettier-ignore
    ];
    expect(metricColumns(versions, 5)).toEqual(["metrics/a", "metrics/b"]);
    expect(metricColumns(versions, 1)).toEqual(["metrics/a"]);
  });
});
