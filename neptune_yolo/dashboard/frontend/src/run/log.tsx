/** The lines of one series: only those in the window are drawn, and only those nearby are loaded. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { formatCount, formatMoment } from "../ui/format";
import { BLOCK, blockCount, blockOf } from "./log_pages";
import { shownLines } from "./logs_data";
import type { RunPlace } from "./run_data";
import { type Point, useLog, useMissing } from "./use_log";

const LINE_PIXELS = 15;
/** Browsers draw no element that is higher than about 17 million pixels. */
const MOST_BLOCKS = 5500;
const BACK_KEYS = new Set(["ArrowUp", "PageUp", "Home"]);

interface Look {
  times: boolean;
  progress: boolean;
}

export function Log({ place, path, isLive }: { place: RunPlace; path: string; isLive: boolean }) {
  const { log, isKnown, error, useWindow } = useLog({ place, path, isLive });
  const [follows, setFollows] = useState(true);
  const [look, setLook] = useState<Look>({ times: false, progress: false });
  const boxRef = useRef<HTMLDivElement>(null);
  const blocks = blockCount(log.total);
  const skipped = Math.max(0, blocks - MOST_BLOCKS);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is kept
  const virtual = useVirtualizer({
    count: blocks - skipped,
    getScrollElement: () => boxRef.current,
    estimateSize: () => BLOCK * LINE_PIXELS,
    overscan: 1,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  useMissing(useWindow, { first: (first + skipped) * BLOCK, end: (last + 1 + skipped) * BLOCK });
  const height = virtual.getTotalSize();
  useEffect(() => {
    const box = boxRef.current;
    if (follows && box) box.scrollTo(box.scrollLeft, box.scrollHeight);
  }, [log, height, follows]);
  const leave = () => {
    setFollows(false);
  };
  const goTo = (line: number) => {
    leave();
    const block = Math.max(Math.floor((line - 1) / BLOCK) - skipped, 0);
    const [start] = virtual.getOffsetForIndex(block, "start") ?? [0];
    virtual.scrollToOffset(start + ((line - 1) % BLOCK) * LINE_PIXELS);
  };
  return (
    <>
      <div class="run-tools">
        <Switch label="Follow" isOn={follows} onChange={setFollows} />
        <Switch
          label="Times"
          isOn={look.times}
          onChange={(times) => {
            setLook({ ...look, times });
          }}
        />
        <Switch
          label="Each step of progress bars"
          isOn={look.progress}
          onChange={(progress) => {
            setLook({ ...look, progress });
          }}
        />
        <GoTo total={log.total} onGo={goTo} />
        <span class="run-muted" role="status">
          {log.total || isKnown ? `${formatCount(log.total)} lines` : "Loading …"}
          {skipped ? `, of which the last ${formatCount(MOST_BLOCKS * BLOCK)} are shown` : ""}
        </span>
      </div>
      {error ? <p class="run-warning">{error}</p> : null}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only hears that it is scrolled */}
      <div
        class="run-log"
        ref={boxRef}
        role="log"
        aria-label={path}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
        tabIndex={0}
        onWheel={(event) => {
          if (event.deltaY < 0) leave();
        }}
        onTouchMove={leave}
        onKeyDown={(event) => {
          if (BACK_KEYS.has(event.key)) leave();
        }}
        onPointerDown={(event) => {
          if (event.offsetX > event.currentTarget.clientWidth) leave(); // on the scroll bar
        }}
      >
        <div class="run-log-whole" style={{ height: `${height}px` }}>
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map((item) => {
              const block = item.index + skipped;
              return (
                <div key={item.key} data-index={item.index} ref={virtual.measureElement}>
                  <Block points={blockOf(log, block)} look={look} isEnd={block === blocks - 1} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}

function Block({ points, look, isEnd }: { points: readonly Point[] | null; look: Look; isEnd: boolean }) {
  const lines = useMemo(
    () => (points ? shownLines(points, { all: look.progress, isEnd }) : null),
    [points, look.progress, isEnd],
  );
  if (!lines) return <div class="run-log-wait" style={{ height: `${BLOCK * LINE_PIXELS}px` }} aria-busy="true" />;
  return (
    <>
      {lines.map((one) => (
        <div key={one.step} class="run-line">
          {look.times ? <time>{formatMoment(one.logged_ms, true)} </time> : null}
          {one.value}
        </div>
      ))}
    </>
  );
}

function Switch({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />{" "}
      {label}
    </label>
  );
}

/** The line that has a number. */
function GoTo({ total, onGo }: { total: number; onGo: (line: number) => void }) {
  const [text, setText] = useState("");
  if (total <= BLOCK) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const line = Number(text);
        if (line >= 1) onGo(Math.min(line, total));
      }}
    >
      <label>
        Go to line{" "}
        <input
          type="number"
          min={1}
          max={total}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
      </label>
    </form>
  );
}
