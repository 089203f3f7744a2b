/** The head of a column: sorts by a click, is dragged to another place, and has a menu for all else. */
import { isNumeric, titleOf, titleParts } from "./cells";
import { PopMenu } from "./pop_menu";
import { type Column, FIGURES, MAX_WIDTH, MIN_WIDTH, sameColumn, type Sort } from "./view";

export interface ColumnActions {
  sort: (clicked: Column) => void;
  change: (at: number, column: Partial<Column>) => void;
  hide: (at: number) => void;
  move: (from: number, to: number) => void;
}

interface Props {
  column: Column;
  at: number;
  left: number | null;
  width: number;
  type: string | null;
  sort: Sort;
  actions: ColumnActions;
}

const DRAGGED = "text/x-column";
const STEP = 16;

export function ColumnHead({ column, at, left, width, type, sort, actions }: Props) {
  const isSorted = sameColumn(sort, column);
  const title = titleOf(column.path, column.aggregate);
  const { place, name } = titleParts(column.path, column.aggregate);
  const order = isSorted ? (sort.descending ? "descending" : "ascending") : "none";
  return (
    <th
      scope="col"
      aria-sort={order}
      class={`runs-head${left === null ? "" : " runs-pinned"}${isNumeric(type) ? " runs-number" : ""}`}
      style={left === null ? {} : { left: `${left}px` }}
      draggable
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, String(at))}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes(DRAGGED)) event.preventDefault();
      }}
      onDrop={(event) => {
        const from = event.dataTransfer?.getData(DRAGGED);
        if (from) actions.move(Number(from), at);
      }}
    >
      <div class="runs-head-line">
        <button
          type="button"
          class="runs-sort"
          title={`${title}${title === column.path ? "" : ` (${column.path})`}: sort`}
          aria-label={title}
          onClick={() => {
            actions.sort(column);
          }}
        >
          {place ? (
            <span class="runs-place">
              <bdi>{place}</bdi>
            </span>
          ) : null}
          <span class="runs-clip">
            {isSorted ? <span aria-hidden="true">{sort.descending ? "↓" : "↑"} </span> : null}
            {name}
          </span>
        </button>
        <ColumnMenu column={column} at={at} type={type} actions={actions} />
      </div>
      <Resizer
        label={`Width of ${title}`}
        width={width}
        onChange={(next) => {
          actions.change(at, { width: next });
        }}
      />
    </th>
  );
}

function ColumnMenu({ column, at, type, actions }: Pick<Props, "column" | "at" | "type" | "actions">) {
  const entries: [string, () => void][] = [
    [
      column.pinned ? "Unpin" : "Pin to the left",
      () => {
        actions.change(at, { pinned: !column.pinned });
      },
    ],
    [
      "Move left",
      () => {
        actions.move(at, at - 1);
      },
    ],
    [
      "Move right",
      () => {
        actions.move(at, at + 1);
      },
    ],
    [
      "Hide",
      () => {
        actions.hide(at);
      },
    ],
  ];
  return (
    <PopMenu label={`Column ${titleOf(column.path, column.aggregate)}`} face="⋮" className="runs-more">
      {(close) => (
        <div class="runs-menu">
          {type === "floatSeries" ? (
            <label>
              Value{" "}
              <select
                value={column.aggregate}
                onChange={(event) => {
                  const chosen = FIGURES.find((figure) => figure === event.currentTarget.value);
                  if (chosen) actions.change(at, { aggregate: chosen });
                  close();
                }}
              >
                {FIGURES.map((figure) => (
                  <option key={figure}>{figure}</option>
                ))}
              </select>
            </label>
          ) : null}
          {entries.map(([name, act]) => (
            <button
              key={name}
              type="button"
              onClick={(event) => {
                const panel = event.currentTarget.closest("[popover]");
                close();
                act();
                focusAgain(panel?.previousElementSibling ?? null);
              }}
            >
              {name}
            </button>
          ))}
        </div>
      )}
    </PopMenu>
  );
}

/** A column that stands elsewhere has lost the focus: give it back to the button of its menu, if that is still there. */
function focusAgain(button: Element | null) {
  requestAnimationFrame(() => {
    if (button instanceof HTMLElement && document.activeElement === document.body) button.focus();
  });
}

function Resizer({ label, width, onChange }: { label: string; width: number; onChange: (width: number) => void }) {
  const within = (pixels: number) => Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, pixels)));
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator with a value is a control
    <div
      class="runs-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") onChange(within(width - STEP));
        if (event.key === "ArrowRight") onChange(within(width + STEP));
      }}
      onPointerDown={(event) => {
        const handle = event.currentTarget;
        const start = event.clientX;
        const head = handle.parentElement;
        let next = width;
        handle.setPointerCapture(event.pointerId);
        if (head) head.draggable = false; // else the browser would drag the column away
        const follow = (move: PointerEvent) => {
          next = within(width + move.clientX - start);
          const column = head ? columnOf(head) : null;
          if (column) column.style.width = `${next}px`;
        };
        const end = (up: PointerEvent) => {
          handle.removeEventListener("pointermove", follow);
          handle.removeEventListener("pointerup", end);
          handle.removeEventListener("pointercancel", end);
          if (head) head.draggable = true;
          if (up.type === "pointerup") onChange(next);
        };
        handle.addEventListener("pointermove", follow);
        handle.addEventListener("pointerup", end);
        handle.addEventListener("pointercancel", end);
      }}
    />
  );
}

/** The `col` element of a head, whose width is that of the column. */
function columnOf(head: HTMLElement): HTMLElement | null {
  const at = (head as HTMLTableCellElement).cellIndex;
  return head.closest("table")?.querySelectorAll("col")[at] ?? null;
}
