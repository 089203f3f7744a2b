/** Draws the part of a large matrix that is in its window. */
import { cellText, type Measure } from "./confusion";
import { MARGIN, visible } from "./matrix_view";

interface Colours {
  text: string;
  muted: string;
  line: string;
  more: string;
  less: string;
  strong: string;
}

interface Drawing {
  names: readonly string[];
  cells: readonly (readonly (number | null)[])[];
  /** The value that has the full colour. */
  most: number;
  measure: Measure;
  isDifference: boolean;
  cell: number;
  at: readonly [number, number];
  left: number;
  top: number;
  width: number;
  height: number;
  colours: Colours;
}

const NAMED_FROM = 8;
const NUMBERED_FROM = 36;
const LETTER_PIXELS = 12;
const NAME_LETTERS = 18;

/** Draw on a canvas that fills the window, in the colours of its style sheet. */
export function paint(canvas: HTMLCanvasElement, drawing: Omit<Drawing, "colours">): void {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = drawing.width * ratio;
  canvas.height = drawing.height * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawMatrix(context, { ...drawing, colours: coloursOf(canvas) });
}

function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  return {
    text: style.color,
    muted: style.caretColor,
    line: style.borderLeftColor,
    more: style.outlineColor,
    less: style.columnRuleColor,
    strong: style.textDecorationColor,
  };
}

function drawMatrix(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { width, height, colours } = drawing;
  context.clearRect(0, 0, width, height);
  context.font = `${LETTER_PIXELS}px system-ui, sans-serif`;
  context.save();
  context.beginPath();
  context.rect(MARGIN.left, MARGIN.top, width, height);
  context.clip();
  drawCells(context, drawing);
  context.restore();
  context.fillStyle = colours.muted;
  drawNames(context, drawing);
}

function rangesOf({ left, top, width, height, cell, names }: Drawing) {
  return {
    rows: visible(top, height - MARGIN.top, cell, names.length),
    columns: visible(left, width - MARGIN.left, cell, names.length),
  };
}

function drawCells(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { cells, most, measure, isDifference, cell, at, left, top, colours } = drawing;
  const { rows, columns } = rangesOf(drawing);
  const gap = cell > 4 ? 1 : 0;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = rows.first; row < rows.end; row += 1) {
    const y = MARGIN.top + row * cell - top;
    for (let column = columns.first; column < columns.end; column += 1) {
      const x = MARGIN.left + column * cell - left;
      const value = cells[row]?.[column] ?? null;
      if (row === column || (row === at[0] && column === at[1])) {
        context.fillStyle = colours.line;
        context.fillRect(x, y, cell, cell);
      }
      if (!value) continue;
      const strength = Math.min(Math.abs(value) / most, 1);
      context.globalAlpha = 0.15 + 0.85 * strength; // what is there at all is seen
      context.fillStyle = value < 0 ? colours.less : colours.more;
      context.fillRect(x, y, cell - gap, cell - gap);
      context.globalAlpha = 1;
      if (cell < NUMBERED_FROM) continue;
      context.fillStyle = strength > 0.5 ? colours.strong : colours.text;
      context.fillText(cellText(value, measure, isDifference), x + cell / 2, y + cell / 2);
    }
  }
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  const size = Math.max(cell, 6);
  context.strokeRect(MARGIN.left + at[1] * cell - left, MARGIN.top + at[0] * cell - top, size, size);
}

function drawNames(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { names, cell, at, left, top, width, height, colours } = drawing;
  const { rows, columns } = rangesOf(drawing);
  const every = cell >= NAMED_FROM ? Math.ceil(LETTER_PIXELS / cell) : Math.ceil((4 * LETTER_PIXELS) / cell);
  const isNamed = (index: number, chosen: number) =>
    index === chosen || (index % every === 0 && Math.abs(index - chosen) * cell >= LETTER_PIXELS);
  const paint = (index: number, chosen: number) => {
    context.fillStyle = index === chosen ? colours.text : colours.muted;
    return short(names[index] ?? "");
  };
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let row = rows.first; row < rows.end; row += 1) {
    const y = MARGIN.top + (row + 0.5) * cell - top;
    if (isNamed(row, at[0]) && y >= MARGIN.top && y < height) context.fillText(paint(row, at[0]), MARGIN.left - 6, y);
  }
  context.textAlign = "left";
  for (let column = columns.first; column < columns.end; column += 1) {
    const x = MARGIN.left + (column + 0.5) * cell - left;
    if (!isNamed(column, at[1]) || x < MARGIN.left || x >= width) continue;
    context.save();
    context.translate(x, MARGIN.top - 6);
    context.rotate(-Math.PI / 2);
    context.fillText(paint(column, at[1]), 0, 0);
    context.restore();
  }
}

function short(name: string): string {
  return name.length > NAME_LETTERS ? `${name.slice(0, NAME_LETTERS - 1)}…` : name;
}
