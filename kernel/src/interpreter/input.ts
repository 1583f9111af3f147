/** What a cell asks whoever runs it: `prompt`, `confirm` and `alert`, as browsers have them. What it reads line by line is `stdin.ts`'s. */
import type { Cell, CellInput } from './cell';
import { replace } from './process';

/** What a console sends for Ctrl-D at the beginning of a line: the end of the input. */
const END_OF_INPUT = '\x04';

/** The reason of what is not read any more, since the cell that asked has ended. */
export class Ended extends Error {
  constructor() {
    super('the cell has ended');
  }
}

type AskingCell = Cell & { readonly input: CellInput };

export class Asker {
  readonly #running: () => Cell | undefined;
  readonly #throwIfInterrupted: () => void;

  /** @param running the cell under way, if there is one */
  constructor(running: () => Cell | undefined, throwIfInterrupted: () => void) {
    this.#running = running;
    this.#throwIfInterrupted = throwIfInterrupted;
  }

  /**
   * The signal of the cell that can be asked through.
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
   * What is typed, with nothing else going on meanwhile; null for the end of the input.
   *
   * @throws {Error} when nobody can be asked, or the cell is interrupted
   */
  askAndWait(prompt: string): string | null {
    const value = this.#cell.input.askAndWait({ prompt, password: false });
    if (value === undefined) this.#throwIfInterrupted();
    return value === undefined || value === END_OF_INPUT ? null : value;
  }

  /**
   * What is typed; null for the end of the input. Rejected when the cell is interrupted, or ends ({@link Ended}).
   *
   * @param signal gives the question up
   * @throws {Error} when nobody can be asked
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

/** Has browsers' functions ask in a notebook. The result undoes it. */
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
