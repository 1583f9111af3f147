/** `prompt`, `confirm` and `alert` for cells, as in browsers. Line-by-line input is in `stdin.ts`. */
import type { Cell, CellInput } from './cell';
import { replace } from './process';

/** What consoles send for Ctrl-D at the start of a line: end of input. */
const END_OF_INPUT = '\x04';

/** Rejects pending input when the cell that asked has ended. */
export class Ended extends Error {
  constructor() {
    super('the cell has ended');
  }
}

type AskingCell = Cell & { readonly input: CellInput };

export class Asker {
  readonly #running: () => Cell | undefined;
  readonly #throwIfInterrupted: () => void;

  /** @param running the executing cell, if any */
  constructor(running: () => Cell | undefined, throwIfInterrupted: () => void) {
    this.#running = running;
    this.#throwIfInterrupted = throwIfInterrupted;
  }

  /**
   * The signal of the cell that may ask for input.
   *
   * @throws {Error} when there is none
   */
  get signal(): AbortSignal {
    return this.#cell.signal;
  }

  get #cell(): AskingCell {
    const cell = this.#running();
    if (!cell) throw new Error('nothing can be asked once a cell has ended: ask while it runs');
    if (!cell.input)
      throw new Error(
        'this front end takes no input, or a program runs the notebook: give the value in the cell, or read it from a file or an environment variable',
      );
    return cell as AskingCell;
  }

  /**
   * Asks for a line, blocking the thread; null at the end of input.
   *
   * @throws {Error} when input isn't possible, or the cell is interrupted
   */
  askAndWait(prompt: string): string | null {
    const value = this.#cell.input.askAndWait({ prompt, password: false });
    if (value === undefined) this.#throwIfInterrupted();
    return value === undefined || value === END_OF_INPUT ? null : value;
  }

  /**
   * Asks for a line; null at the end of input. Rejects when the cell is interrupted or ends ({@link Ended}).
   *
   * @param signal cancels the question
   * @throws {Error} when input isn't possible
   */
  async ask(prompt: string, password: boolean, signal?: AbortSignal): Promise<string | null> {
    const cell = this.#cell;
    const ended = new AbortController();
    cell.onEnd(() => ended.abort(new Ended()));
    const signals = [cell.signal, ended.signal, ...(signal ? [signal] : [])];
    const value = await cell.input.ask({ prompt, password }, AbortSignal.any(signals));
    return value === END_OF_INPUT ? null : value;
  }
}

/** Defines `prompt`, `confirm` and `alert`; returns a function that undoes it. */
export function takeDialogs(asker: Asker): () => void {
  const line = (...parts: readonly string[]) => `${parts.join(' ').trimEnd()} `;
  const dialogs: Record<string, (message?: unknown, initial?: unknown) => unknown> = {
    prompt: (message = '', initial = '') => {
      const [text, given] = [String(message), String(initial)];
      const typed = asker.askAndWait(given === '' ? line(text) : line(text, `[${given}]`));
      return typed === '' ? given : typed;
    },
    confirm: (message = '') => /^\s*y(es)?\s*$/i.test(asker.askAndWait(line(String(message), '[y/N]')) ?? ''),
    alert: (message = '') => void asker.askAndWait(line(String(message), '[Enter]')),
  };
  const undo = Object.entries(dialogs).map(([name, value]) =>
    replace(globalThis, name, { configurable: true, writable: true, value }),
  );
  return () => {
    for (const restore of undo) restore();
  };
}
