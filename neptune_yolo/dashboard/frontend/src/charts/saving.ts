/** A chart as a file: the picture that is seen, or all of its points. */
import { askSeries, type Curve, type ProjectName } from "../api/series";
import { paintOf } from "../ui/colours";
import type { Line } from "./lines";

/** Points as CSV: one row for each, with the moment in UTC. */
export function csvOf(curves: readonly Curve[]): string {
  const rows = ["run,path,step,time,value"];
  for (const curve of curves) {
    const head = `${quoted(curve.run)},${quoted(curve.path)}`;
    curve.steps.forEach((step, index) => {
      const ms = curve.times?.[index];
      rows.push(`${head},${step},${ms === undefined ? "" : new Date(ms).toISOString()},${curve.values[index] ?? ""}`);
    });
  }
  return `${rows.join("\r\n")}\r\n`;
}

/** Ask for all points of a chart and save them. */
export async function saveCsv(
  project: ProjectName,
  runs: readonly string[],
  paths: readonly string[],
  title: string,
): Promise<void> {
  const series = paths.flatMap((path) => runs.map((run) => ({ run, path, after: null })));
  const curves = await askSeries(project, {
    series,
    x: "time",
    log: false,
    first: null,
    last: null,
    bins: 1,
    raw: true,
  });
  save(new Blob([csvOf(curves)], { type: "text/csv" }), `${fileName(title)}.csv`);
}

/** Save a chart as it is seen, with its title and legend. */
export function savePng(
  canvas: HTMLCanvasElement,
  title: string,
  axis: string,
  lines: readonly Line[],
  dark: boolean,
): void {
  const scale = window.devicePixelRatio;
  const row = 18 * scale;
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height + row * (3 + lines.length);
  const context = picture.getContext("2d");
  if (!context) return;
  context.fillStyle = dark ? "#14171c" : "#ffffff";
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = dark ? "#e6e9ed" : "#1b2128";
  context.font = `600 ${13 * scale}px sans-serif`;
  context.fillText(title, 8 * scale, row);
  context.drawImage(canvas, 0, row * 1.5);
  context.font = `${12 * scale}px sans-serif`;
  context.textAlign = "right";
  context.fillText(axis, picture.width - 12 * scale, canvas.height + row * 2);
  context.textAlign = "left";
  context.lineWidth = 2 * scale;
  lines.forEach((line, index) => {
    const y = canvas.height + row * (3 + index);
    context.globalAlpha = line.faint ? 0.5 : 1;
    context.strokeStyle = paintOf(line.owner, dark);
    context.setLineDash(line.dashes.map((length) => length * scale));
    context.beginPath();
    context.moveTo(8 * scale, y - 4 * scale);
    context.lineTo(34 * scale, y - 4 * scale);
    context.stroke();
    context.globalAlpha = 1;
    context.fillText(line.label, 42 * scale, y);
  });
  picture.toBlob((blob) => {
    if (blob) save(blob, `${fileName(title)}.png`);
  });
}

export function fileName(title: string): string {
  return title.replace(/[^\w.-]+/g, "_").replace(/^_+|_+$/g, "") || "chart";
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

function quoted(text: string): string {
  const risky = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(risky) ? `"${risky.replaceAll('"', '""')}"` : risky;
}
