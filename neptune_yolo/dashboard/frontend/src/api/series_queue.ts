/** Series for many charts at once: charts that ask at the same moment, or while others wait, share a request. */
import { askSeries, type Curve, type ProjectName, type SeriesSearch } from "./series";

/** Series of a request at most: the charts of the first one are drawn while the next is on its way. */
const MOST_SERIES = 200;
/** Requests on their way at most; browsers hold few connections to one server. */
const MOST_REQUESTS = 2;

type Ask = typeof askSeries;

interface Waiting {
  project: ProjectName;
  body: SeriesSearch;
  signal: AbortSignal;
  /** Requests that differ in this cannot be one. */
  kind: string;
  resolve: (curves: Curve[]) => void;
  reject: (error: unknown) => void;
}

const NEVER = new AbortController().signal;

/** A queue of questions for series, answered in the order asked for. */
export class SeriesQueue {
  private readonly ask: Ask;
  private waiting: Waiting[] = [];
  private running = 0;
  private isPlanned = false;

  constructor(ask: Ask = askSeries) {
    this.ask = ask;
  }

  /** As `askSeries`; what is aborted before its turn is never asked. */
  read(project: ProjectName, body: SeriesSearch, signal: AbortSignal = NEVER): Promise<Curve[]> {
    return new Promise((resolve, reject) => {
      const kind = JSON.stringify([project.workspace, project.project, { ...body, series: [] }]);
      this.waiting.push({ project, body, signal, kind, resolve, reject });
      this.plan();
    });
  }

  /** Ask soon, so that all charts that appear together have been heard. */
  private plan(): void {
    if (this.isPlanned) return;
    this.isPlanned = true;
    setTimeout(() => {
      this.isPlanned = false;
      while (this.running < MOST_REQUESTS) {
        const batch = this.next();
        if (!batch.length) return;
        void this.send(batch);
      }
    }, 0);
  }

  /** Take what the next request asks for from the queue. */
  private next(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const afters = new Map<string, number | null>();
    for (const one of this.waiting) {
      if (one.signal.aborted) {
        one.reject(one.signal.reason);
        continue;
      }
      const known = one.body.series.filter((series) => afters.has(nameOf(series)));
      const size = afters.size + one.body.series.length - known.length;
      const fits =
        one.kind === (batch[0] ?? one).kind &&
        (!batch.length || size <= MOST_SERIES) &&
        known.every((series) => afters.get(nameOf(series)) === (series.after ?? null));
      if (!fits) {
        left.push(one);
        continue;
      }
      for (const series of one.body.series) afters.set(nameOf(series), series.after ?? null);
      batch.push(one);
    }
    this.waiting = left;
    return batch;
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    this.running += 1;
    const controller = new AbortController();
    const giveUp = () => {
      if (batch.every((one) => one.signal.aborted)) controller.abort();
    };
    for (const one of batch) one.signal.addEventListener("abort", giveUp);
    const series = new Map(batch.flatMap((one) => one.body.series.map((choice) => [nameOf(choice), choice] as const)));
    try {
      const body = { ...first.body, series: [...series.values()] };
      const curves = await this.ask(first.project, body, controller.signal);
      const found = new Map(curves.map((curve) => [nameOf(curve), curve]));
      for (const one of batch) one.resolve(one.body.series.flatMap((choice) => found.get(nameOf(choice)) ?? []));
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      for (const one of batch) one.signal.removeEventListener("abort", giveUp);
      this.running -= 1;
      this.plan();
    }
  }
}

function nameOf(series: { run: string; path: string }): string {
  return `${series.run} ${series.path}`;
}
