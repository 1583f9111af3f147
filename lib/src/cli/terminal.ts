/** Lines and a progress bar on one terminal; where there is none, lines alone. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';

export class Terminal {
  readonly #total: number;
  readonly #bars = new MultiBar(
    {
      clearOnComplete: true,
      hideCursor: true,
      stopOnComplete: false,
      gracefulExit: false, // Ctrl-C is the caller's, who stops at a step's end
      format: ' {bar} {value}/{total} steps | loss {loss} | {eta_formatted} left',
    },
    Presets.shades_classic,
  );
  #bar: SingleBar | undefined;

  /** @param total the steps that the bar counts to */
  constructor(total: number) {
    this.#total = total;
  }

  /** Prints a line, above the bar if there is one. */
  log(line: string): void {
    if (this.#bar === undefined) {
      console.log(line);
    } else {
      this.#bars.log(`${line}\n`);
      this.#bars.update(); // else the line waits for the bar's next turn, which may never come
    }
  }

  /** Moves the bar, which comes up at the first call. */
  update(step: number, loss: number): void {
    if (!(process.stdout.isTTY && process.stderr.isTTY)) return; // lines above the bar go to the terminal too
    const shown = { loss: Number.isNaN(loss) ? '–' : loss.toFixed(3) };
    this.#bar ??= this.#bars.create(this.#total, step, shown);
    this.#bar.update(step, shown);
  }

  /** Takes the bar away. */
  close(): void {
    this.#bars.stop();
  }
}
