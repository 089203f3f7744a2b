import { expect, test } from "vitest";

import { type ChartSettings, DEFAULT_SETTINGS, readSettings, writtenSettings } from "./settings";

function there(settings: ChartSettings): ChartSettings {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(writtenSettings(settings))) if (value !== null) search.set(name, value);
  return readSettings(search);
}

test("settings come back from an address as they were", () => {
  const settings: ChartSettings = {
    x: "relative",
    xLog: true,
    yLog: true,
    smoothing: { kind: "ema", weight: 0.85 },
    ignoreOutliers: true,
  };
  expect(there(settings)).toEqual(settings);
  expect(there({ ...settings, smoothing: { kind: "window", size: 21 } }).smoothing).toEqual({
    kind: "window",
    size: 21,
  });
  expect(there(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
});

test("what an address cannot mean is as usual", () => {
  expect(readSettings(new URLSearchParams("x=fast&smooth=ema-2"))).toEqual(DEFAULT_SETTINGS);
});
