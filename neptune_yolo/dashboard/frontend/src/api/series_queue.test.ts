import { describe, expect, it, vi } from "vitest";

import type { askSeries, Curve, SeriesSearch } from "./series";
import { SeriesQueue } from "./series_queue";

const PROJECT = { workspace: "local", project: "yolo" };

function search(path: string, runs = ["YOL-1"], more: Partial<SeriesSearch> = {}): SeriesSearch {
  const series = runs.map((run) => ({ run, path, after: null }));
  return { series, x: "step", log: false, first: null, last: null, bins: 100, raw: false, ...more };
}

function curveOf({ run, path }: { run: string; path: string }): Curve {
  const nothing = new Float64Array();
  return { run, path, total: 0, inRange: 0, startedMs: 0, steps: nothing, values: nothing, times: null, parts: null };
}

function makeQueue() {
  const answers: (() => void)[] = [];
  const ask = vi.fn<typeof askSeries>(
    (_project, body) =>
      new Promise<Curve[]>((resolve) => {
        answers.push(() => {
          resolve(body.series.map(curveOf));
        });
      }),
  );
  const queue = new SeriesQueue(ask);
  const read = (body: SeriesSearch, signal = new AbortController().signal) => queue.read(PROJECT, body, signal);
  return { ask, answers, read };
}

function tick(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}

describe("SeriesQueue", () => {
  it("asks once for what charts want together, and gives each its own", async () => {
    const { ask, answers, read } = makeQueue();
    const both = [read(search("a")), read(search("b", ["YOL-2", "YOL-1"])), read(search("a"))];
    await tick();
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ask.mock.calls[0]?.[1].series).toHaveLength(3);
    answers[0]?.();
    const found = await Promise.all(both);
    expect(found.map((curves) => curves.map(({ run, path }) => `${run} ${path}`))).toEqual([
      ["YOL-1 a"],
      ["YOL-2 b", "YOL-1 b"],
      ["YOL-1 a"],
    ]);
  });

  it("does not mix what differs", async () => {
    const { ask, read } = makeQueue();
    void read(search("a"));
    void read(search("b", ["YOL-1"], { bins: 50 }));
    await tick();
    expect(ask.mock.calls.map(([, body]) => body.bins)).toEqual([100, 50]);
  });

  it("keeps what is new of a series apart from all of it", async () => {
    const { ask, read } = makeQueue();
    void read(search("a"));
    void read({ ...search("a"), series: [{ run: "YOL-1", path: "a", after: 5 }] });
    await tick();
    expect(ask.mock.calls.map(([, body]) => body.series[0]?.after)).toEqual([null, 5]);
  });

  it("has few requests on their way, and forgets what was given up meanwhile", async () => {
    const { ask, answers, read } = makeQueue();
    const runs = Array.from({ length: 150 }, (_, index) => `YOL-${index}`);
    const gone = new AbortController();
    void read(search("a", runs));
    void read(search("b", runs));
    const given = read(search("c", runs), gone.signal).catch(() => "given up");
    void read(search("d", runs));
    await tick();
    expect(ask).toHaveBeenCalledTimes(2);
    gone.abort();
    answers[0]?.();
    await tick();
    expect(ask.mock.calls.map(([, body]) => body.series[0]?.path)).toEqual(["a", "b", "d"]);
    expect(await given).toBe("given up");
  });

  it("ends a request when nobody waits for it any more", async () => {
    const { ask, read } = makeQueue();
    const [first, second] = [new AbortController(), new AbortController()];
    void read(search("a"), first.signal);
    void read(search("b"), second.signal);
    await tick();
    const signal = ask.mock.calls[0]?.[2];
    first.abort();
    expect(signal?.aborted).toBe(false);
    second.abort();
    expect(signal?.aborted).toBe(true);
  });

  it("tells all of a failure, and goes on", async () => {
    const ask = vi.fn().mockRejectedValueOnce(new Error("no")).mockResolvedValueOnce([]);
    const queue = new SeriesQueue(ask);
    const failed = [search("a"), search("b")].map((body) => queue.read(PROJECT, body, new AbortController().signal));
    expect(await Promise.allSettled(failed)).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
    expect(await queue.read(PROJECT, search("a"), new AbortController().signal)).toEqual([]);
  });
});
