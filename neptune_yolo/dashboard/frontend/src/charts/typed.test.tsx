import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Typed } from "./typed";

const change = vi.fn<(text: string) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  change.mockReset();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function type(text: string): HTMLElement {
  const field = screen.getByLabelText("Group by");
  fireEvent.input(field, { target: { value: text } });
  void act(() => {
    vi.advanceTimersByTime(1000);
  });
  return field;
}

it("counts once somebody stops to type", () => {
  render(<Typed label="Group by" value="" onChange={change} />);
  type("lr");
  expect(change.mock.calls).toEqual([["lr"]]);
});

it("waits for a whole name, for Enter, or until the field is left, where a part means nothing", () => {
  const typed = vi.fn<(text: string) => void>();
  render(<Typed label="Group by" value="" isWhole={(text) => text === "lr0"} onTyped={typed} onChange={change} />);
  const field = type("lr");
  expect(typed.mock.calls).toEqual([["lr"]]);
  expect(change).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Enter" });
  expect(change.mock.calls).toEqual([["lr"]]);
  type("lr0");
  fireEvent.blur(type("lr1"));
  expect(change.mock.calls).toEqual([["lr"], ["lr0"], ["lr1"]]);
});
