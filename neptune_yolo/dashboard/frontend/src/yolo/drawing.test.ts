import { expect, test } from "vitest";

import { classColour, classPaint, colourClasses, isVisible, labelPlace, outlinePath, ringPath } from "./drawing";

test("a box and four corners become closed lines", () => {
  expect(outlinePath({ box: [1, 2, 3.04, 4] })).toBe("M1 2L3 2L3 4L1 4Z");
  expect(
    outlinePath({
      box: [0, 0, 1, 1],
      corners: [
        [5, 0],
        [9, 4],
        [4, 9],
      ],
    }),
  ).toBe("M5 0L9 4L4 9Z");
  expect(ringPath([])).toBe("");
});

test("a label stands at the upper edge, that of the truth at the lower one, and stays within the picture", () => {
  expect(labelPlace([50, 50, 60, 60], 100, 200, false)).toEqual({ style: { left: "50%", top: "25%" }, inside: false });
  expect(labelPlace([50, 50, 60, 60], 100, 200, true)).toEqual({ style: { left: "50%", top: "30%" }, inside: false });
  expect(labelPlace([-5, 2, 60, 60], 100, 200, false)).toEqual({ style: { left: "0%", top: "1%" }, inside: true });
  expect(labelPlace([80, 9, 90, 200], 100, 200, true)).toEqual({ style: { right: "10%", top: "100%" }, inside: true });
});

test("keypoints are drawn by their visibility", () => {
  expect([isVisible(0, true), isVisible(1, true), isVisible(0.4, false), isVisible(0.5, false)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test("classes of pixels get the colours of the classes", () => {
  const coloured = colourClasses(Uint8ClampedArray.from([0, 0, 0, 255, 255, 255, 255, 255]));
  expect([...coloured]).toEqual([0x56, 0xb4, 0xe9, 255, 0, 0, 0, 0]);
  expect(classColour(10)).toBe(classColour(0));
  expect(classPaint(0)).toBe("light-dark(#1f7fb8, #56b4e9)");
});
