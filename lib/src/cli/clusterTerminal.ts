/**
 * Shows the progress of all workers of a cluster: on a terminal, bars below the log lines; elsewhere, an occasional
 * line.
 */
import type { SingleBar } from 'cli-progress';
import { LinesAboveBars } from './linesAboveBars';

/** A worker's progress. */
export interface Progress {
  /** The worker's name. */
  readonly name: string;
  /** The global step that it last saw. */
  readonly step: number;
  /** The loss of its last step; NaN before the first. */
  readonly loss: number;
  /** Its own steps per second. */
  readonly rate: number;
}

/** Milliseconds between two lines without a terminal. */
const LINE_MS = 5000;

export class ClusterTerminal extends LinesAboveBars {
  readonly #lines = new Map<string, SingleBar>();
  #printed = performance.now();

  /** @param total the global step at which the bar is full */
  constructor(total: number) {
    super(total, ' {bar} {value}/{total} steps | {eta_formatted} left');
  }

  /** Shows the workers' progress. */
  update(workers: readonly Progress[]): void {
    const step = Math.max(0, ...workers.map((worker) => worker.step));
    if (!this.isTerminal) {
      if (performance.now() - this.#printed < LINE_MS) return;
      this.#printed = performance.now();
      console.log(`Step ${Math.min(step, this.total)} of ${this.total}: ${workers.map(describe).join('; ')}`);
      return;
    }
    this.bar ??= this.bars.create(this.total, step);
    this.bar.update(step);
    for (const worker of workers) {
      const payload = { text: describe(worker) };
      const line = this.#lines.get(worker.name) ?? this.bars.create(this.total, step, payload, { format: ' {text}' });
      this.#lines.set(worker.name, line);
      line.update(worker.step, payload);
    }
  }
}

function describe({ name, step, loss, rate }: Progress): string {
  const shown = Number.isNaN(loss) ? '–' : loss.toFixed(3);
  return `${name} at step ${step}, loss ${shown}, ${rate.toFixed(rate < 10 ? 1 : 0)} steps/s`;
}
