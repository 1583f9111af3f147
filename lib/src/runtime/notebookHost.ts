/**
 * The environment of the library, if it is more than a plain program. A notebook's kernel registers a
 * {@link NotebookHost} in the process. Through it, the library displays values, notices interrupts, and cleans up what
 * it started. Without a host, the library prints.
 */

/**
 * The name under which a bundle may have a function that makes more forms of the same thing: such as take longer than a cell should. A host
 * that {@link NotebookHost.takesLaterForms} shows the bundle as it is, calls the function once the cell has been answered, and puts what
 * it gives, together with the forms that were there, in the place of the bundle.
 */
export const laterForms: unique symbol = Symbol.for('tf-mechanics.laterForms') as never;

/** One thing in several forms, by MIME type; whoever shows it takes the richest that it can. */
export interface MimeBundle {
  [type: string]: unknown;
  [laterForms]?: () => Promise<MimeBundle>;
}

/**
 * The name of the method by which a value tells how a notebook shows it. It is the name that Deno's kernel looks for, too.
 *
 * @see https://docs.deno.com/runtime/reference/cli/jupyter/
 */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display') as never;

/** The name of the property by which a value that goes on changing tells the `displayId` under which it shows itself anew. */
export const jupyterDisplayId: unique symbol = Symbol.for('tf-mechanics.displayId') as never;

/** A value that a notebook shows in more than text. */
export interface Displayable {
  /** The value in several forms. */
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
  /** Where it has one, every place that it is shown at changes with it. */
  readonly [jupyterDisplayId]?: string;
}

/** Whether a value says itself how it is shown. */
export function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[jupyterDisplay] === 'function';
}

/** What goes over a comm: something that JSON can say, and bytes beside it. */
export interface CommData {
  readonly data: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

/** What is done with what comes over a comm. */
export interface CommHandlers {
  onMessage?(message: CommData): void;
  /** When a page has closed it. */
  onClose?(): void;
}

/**
 * A channel between the kernel and what pages show.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
export interface Comm {
  readonly id: string;
  send(message: CommData): void;
  close(): void;
}

/** Where something is shown. */
export interface HostOutput {
  stream(name: 'stdout' | 'stderr', text: string): void;
  /** See {@link NotebookHost.display}. */
  display(data: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Empties it; with `wait`, once there is something new to show. */
  clear(wait: boolean): void;
}

/** Something at work beside the cells. */
export interface HostTask {
  /** When it has ended, whichever way; its error has been told then. */
  readonly ended: Promise<void>;
  /** Ends it without a word, as an interrupt would. It takes the time that it takes. */
  abort(): void;
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

  // What follows, kernels of earlier versions lack.

  /**
   * Asks whoever runs the cell for a line.
   *
   * @param password whether what is typed is not to be seen
   * @returns what was typed; the promise is rejected where the front end takes no input, and when the cell is interrupted
   */
  input?(prompt: string, options?: { password?: boolean }): Promise<string>;
  /**
   * Opens a comm to all pages.
   *
   * @param current what it is opened with, and what a page is told of it that comes later
   */
  openComm?(target: string, current: () => CommData, handlers?: CommHandlers, metadata?: Record<string, unknown>): Comm;
  /** Has comms that pages open by this name come to `onOpen`, which says what is done with what comes over it. */
  onComm?(target: string, onOpen: (comm: Comm, message: CommData) => CommHandlers): void;
  /** The output of the cell, for what happens after it has ended. Like any other, it takes no more than a page can show. */
  readonly output?: HostOutput;
  /** An output that gives on to this one what a page can show; what is more goes to files, to which it has links. */
  limited?(output: HostOutput): HostOutput;
  /** Calls `work`; what it shows, also after it has awaited something, goes there and not to the cell. */
  divert?<T>(output: HostOutput, work: () => T): T;
  /**
   * Runs what a page has caused as a cell of its own: it has a signal and an end of its own, an interrupt ends it, and its error is told in
   * its output.
   *
   * @param name what the error is said to be of
   */
  runTask?(name: string, output: HostOutput, work: () => unknown): HostTask;
  /**
   * Whether the cell takes bundles with {@link laterForms}. Where nobody sits before the page, it doesn't: what executes whole notebooks
   * waits for outputs for a few seconds only once a cell has been answered.
   */
  readonly takesLaterForms?: boolean;
  /** The folder that the notebook lies in. A translation's cells run in another one, the original's. */
  readonly folder?: string;
  /** Calls back each time that no cell has run for a moment, for what would only keep one waiting. */
  onPause?(callback: () => void): void;
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
