import { expect, test } from "vitest";

import { namedRun } from "./run_names";

const OFFERED = [
  { id: "YOL-12", name: "bolts, night" },
  { id: "YOL-3", name: "bolts" },
];

test("a run is meant by its identifier, its number or its name", () => {
  expect(namedRun(" 7 ", "YOL-", OFFERED)).toBe("YOL-7");
  expect(namedRun("yol-9", "YOL-", OFFERED)).toBe("YOL-9");
  expect(namedRun("Bolts", "YOL-", OFFERED)).toBe("YOL-3");
  expect(namedRun("night", "YOL-", OFFERED)).toBe("YOL-12");
  expect(namedRun("else", "YOL-", OFFERED)).toBe("else");
  expect(namedRun("  ", "YOL-", OFFERED)).toBeNull();
});
