/** Lines and a progress bar on a terminal; without a terminal, lines only. */
import { LinesAboveBars } from './linesAboveBars';

export class Terminal extends LinesAboveBars {
  /** @param total the steps at which the bar is full */
  constructor(total: number) {
    super(total, ' {bar} {value}/{total} steps | loss {loss} | {eta_formatted} left');
  }

  /** Updates the bar, which appears at the first call. */
  update(step: number, loss: number): void {
    if (!this.isTerminal) return;
    const shown = { loss: Number.isNaN(loss) ? '–' : loss.toFixed(3) };
    this.bar ??= this.bars.create(this.total, step, shown);
    this.bar.update(step, shown);
  }
}
