/** Prints lines on a terminal above progress bars, which stay at the bottom. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';

export class LinesAboveBars {
  protected readonly total: number;
  protected readonly bars: MultiBar;
  /** The bar that counts to the total, once there is one. */
  protected bar: SingleBar | undefined;

  /**
   * @param total the steps that the bar counts to
   * @param format what a bar looks like, where it doesn't say so itself
   */
  constructor(total: number, format: string) {
    this.total = total;
    this.bars = new MultiBar(
      {
        clearOnComplete: true,
        hideCursor: true,
        stopOnComplete: false,
        gracefulExit: false, // Ctrl-C is the caller's, who stops at a step's end
        format,
      },
      Presets.shades_classic,
    );
  }

  /** Whether there are bars: lines above them go to the terminal too. */
  protected get isTerminal(): boolean {
    return Boolean(process.stdout.isTTY && process.stderr.isTTY);
  }

  /** Prints a line, above the bars if there are some. */
  log(line: string): void {
    if (this.bar === undefined) {
      console.log(line);
    } else {
      this.bars.log(`${line}\n`);
      this.bars.update(); // else the line waits for the bar's next turn, which may never come
    }
  }

  /** Takes the bars away. */
  close(): void {
    this.bars.stop();
  }
}
