import { describe, expect, it } from "vitest";

import { fitted, keyZoom, MOST_SCALE, movedBy, placeOf, readZoom, WHOLE, writeZoom, zoomedAt } from "./zoom";

describe("zoom of a picture", () => {
  it("keeps the point under the pointer where it is", () => {
    const before = { scale: 2, x: 0.5, y: 0.5 };
    const after = zoomedAt(before, 2, 0.75, 0.4);
    expect(before.x + 0.25 / before.scale).toBeCloseTo(after.x + 0.25 / after.scale);
    expect(before.y - 0.1 / before.scale).toBeCloseTo(after.y - 0.1 / after.scale);
    expect(after.scale).toBe(4);
  });

  it("leaves no empty space, and has limits", () => {
    expect(fitted({ scale: 2, x: 0, y: 1 })).toEqual({ scale: 2, x: 0.25, y: 0.75 });
    expect(zoomedAt({ scale: 2, x: 0.25, y: 0.75 }, 0.1)).toEqual(WHOLE);
    expect(zoomedAt(WHOLE, 1000).scale).toBe(MOST_SCALE);
    expect(movedBy({ scale: 4, x: 0.5, y: 0.5 }, 0.4, -10)).toEqual({ scale: 4, x: 0.4, y: 0.875 });
  });

  it("is a place in the frame", () => {
    expect(placeOf(WHOLE)).toEqual({ left: "0%", top: "0%", width: "100%", height: "100%" });
    expect(placeOf({ scale: 2, x: 0.25, y: 0.75 })).toEqual({
      left: "0%",
      top: "-100%",
      width: "200%",
      height: "200%",
    });
  });

  it("goes to an address and back", () => {
    expect(writeZoom(WHOLE)).toBeNull();
    expect(writeZoom({ scale: 2.25, x: 1 / 3, y: 0.5 })).toBe("2.25,0.3333,0.5");
    expect(readZoom("2.25,0.3333,0.5")).toEqual({ scale: 2.25, x: 0.3333, y: 0.5 });
    for (const bad of [null, "", "2", "2,a,1", "1,2,3,4"]) expect(readZoom(bad)).toEqual(WHOLE);
  });

  it("moves by arrow keys only when there is something to move", () => {
    expect(keyZoom("ArrowLeft", WHOLE)).toBeNull();
    expect(keyZoom("ArrowLeft", { scale: 2, x: 0.5, y: 0.5 })?.x).toBeLessThan(0.5);
    expect(keyZoom("+", WHOLE)?.scale).toBe(1.5);
    expect(keyZoom("0", { scale: 2, x: 0.5, y: 0.5 })).toEqual(WHOLE);
    expect(keyZoom("a", WHOLE)).toBeNull();
  });
});
