import { describe, expect, it } from "vitest";

import { cellText, isNumeric, keyText, titleOf, titleParts } from "./cells";

describe("cells", () => {
  it("read as what they are", () => {
    expect(cellText(null, "x", null)).toBe("");
    expect(cellText(["a", "b"], "sys/tags", "stringSet")).toBe("a, b");
    expect(cellText(true, "x", "bool")).toBe("yes");
    expect(cellText(0.123456, "x", "float")).toBe("0.1235");
    expect(cellText(0.51899, "x", "float")).toBe("0.5190");
    expect(cellText(-0.5, "x", "float")).toBe("−0.5");
    expect(cellText(1500, "sys/size", "float")).toBe("1.5 kB");
    expect(cellText(90, "sys/running_time", "float")).toBe("1 min 30 s");
    expect(cellText(3, "x", "imageSeries")).toBe("3 pictures");
  });
  it("have titles", () => {
    expect(titleOf("sys/creation_time")).toBe("Created");
    expect(titleOf("metrics/mAP50", "max")).toBe("metrics/mAP50 (max)");
    expect(titleParts("best/metrics/mAP50", "max")).toEqual({ place: "best/metrics/", name: "mAP50 (max)" });
    expect(titleParts("sys/creation_time")).toEqual({ place: "", name: "Created" });
    expect(titleParts("loss")).toEqual({ place: "", name: "loss" });
  });
  it("tell what lacks a value", () => {
    expect(keyText(null, "x", null)).toBe("(none)");
    expect(keyText("", "x", "string")).toBe("(empty)");
    expect(isNumeric("floatSeries")).toBe(true);
  });
});
