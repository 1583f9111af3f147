/** Prints lines on a terminal above progress bars, which stay at the bottom. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';

export class LinesAboveBars {
  protected readonly total: number;
  protected readonly bars: MultiBar;
  /** The overall progress bar, once there is one. */
  protected bar: SingleBar | undefined;

  /**
   * @param total the steps at which the bar is full
   * @param format the format of bars without their own
   */
  constructor(total: number, format: string) {
    this.total = total;
    this.bars = new MultiBar(
      {
        clearOnComplete: true,
        hideCursor: true,
        stopOnComplete: false,
        gracefulExit: false, // Ctrl-C is handled by the caller, which stops between steps
        format,
      },
      Presets.shades_classic,
    );
  }

  /** Whether there are bars: lines above them go to the terminal too. */
  protected get isTerminal(): boolean {
    return Boolean(process.stdout.isTTY && process.stderr.isTTY);
  }

  /** Prints a line, above any bars. */
  log(line: string): void {
    if (this.bar === undefined) {
      console.log(line);
    } else {
      this.bars.log(`${line}\n`);
      this.bars.update(); // otherwise the line waits for the bar's next update, which may never come
    }
  }

  /** Removes the bars. */
  close(): void {
    this.bars.stop();
  }
}
