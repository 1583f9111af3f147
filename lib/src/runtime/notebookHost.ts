/**
 * Where this library runs, when it is more than a plain program: a notebook's kernel puts a {@link NotebookHost} into the
 * process, by which the library shows things, notices an interrupt and ends what it started. Without one it prints.
 */

/** One thing in several forms, by MIME type; whoever shows it takes the richest that it can. */
export type MimeBundle = Record<string, unknown>;

/**
 * The name of the method by which a value tells how a notebook shows it. It is the name that Deno's kernel looks for, too.
 *
 * @see https://docs.deno.com/runtime/reference/cli/jupyter/
 */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display') as never;

/** A value that a notebook shows in more than text. */
export interface Displayable {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** Whether a value says itself how it is shown. */
export function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[jupyterDisplay] === 'function';
}

/** What a notebook's kernel offers. Everything concerns the cell whose code calls, also after it has awaited something. */
export interface NotebookHost {
  /**
   * Shows something below the cell.
   *
   * @param displayId a name by which it can be replaced later
   * @param update whether to replace, wherever it stands, what has this `displayId`
   */
  display(data: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Empties the cell's output; with `wait`, once there is something new to show. */
  clearOutput(wait?: boolean): void;
  /** Aborted, with the error to throw as its reason, when the cell is interrupted. Undefined outside of any cell. */
  readonly signal: AbortSignal | undefined;
  /** Calls back when the cell has ended, whichever way; the cell's output is still open to it. */
  onCellEnd(callback: () => void | Promise<void>): void;
  /** Calls back when the kernel ends. */
  onExit(callback: () => void): void;
  /**
   * The folder of the files that outputs load (`plotly.min.js`, `page.js`), below the base URL of the Jupyter server;
   * undefined where there is no such server.
   */
  readonly resources: string | undefined;
}

const key = Symbol.for('tf-mechanics.notebookHost');

/** The notebook's kernel, or undefined in a plain program. */
export function notebookHost(): NotebookHost | undefined {
  return (globalThis as { [key]?: NotebookHost })[key];
}

/** For kernels: makes `host` the one that the library finds. */
export function setNotebookHost(host: NotebookHost | undefined): void {
  (globalThis as { [key]?: NotebookHost })[key] = host;
}

/**
 * Ends the calling loop where the cell that it belongs to was interrupted.
 *
 * @throws {Error} when it was: the interrupt
 */
export function throwIfInterrupted(): void {
  notebookHost()?.signal?.throwIfAborted();
}
