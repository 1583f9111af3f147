/**
 * The environment of the library, if it is more than a plain program. A notebook's kernel registers a
 * {@link NotebookHost} in the process. Through it, the library displays values, notices interrupts, and cleans up what
 * it started. Without a host, the library prints.
 */

/**
 * The key of a function in a bundle that creates additional forms which would take too long during a cell. If
 * {@link NotebookHost.takesLaterForms} is true, the host displays the bundle without them, calls the function after the
 * cell has finished, and then replaces the bundle by the original and the additional forms.
 */
export const laterForms: unique symbol = Symbol.for('tf-mechanics.laterForms') as never;

/** A value in several forms, by MIME type; the front end displays the richest one that it supports. */
export interface MimeBundle {
  [type: string]: unknown;
  [laterForms]?: () => Promise<MimeBundle>;
}

/**
 * The name of the method that returns a value's displayed forms. Deno's kernel uses the same name.
 *
 * @see https://docs.deno.com/runtime/reference/cli/jupyter/
 */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display') as never;

/** The name of the property with the `displayId` under which a changing value updates its displays. */
export const jupyterDisplayId: unique symbol = Symbol.for('tf-mechanics.displayId') as never;

/** A value with a rich display in notebooks. */
export interface Displayable {
  /** The value's displayed forms. */
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
  /** If set, all displays of the value are updated together. */
  readonly [jupyterDisplayId]?: string;
}

/** Whether a value has a rich display. */
export function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[jupyterDisplay] === 'function';
}

/** The content of a comm message: JSON data, and bytes. */
export interface CommData {
  readonly data: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

/** Handlers of comm messages. */
export interface CommHandlers {
  onMessage?(message: CommData): void;
  /** Called when a page has closed it. */
  onClose?(): void;
}

/**
 * A message channel between the kernel and pages.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
export interface Comm {
  readonly id: string;
  send(message: CommData): void;
  close(): void;
}

/** A destination for output. */
export interface HostOutput {
  stream(name: 'stdout' | 'stderr', text: string): void;
  /** See {@link NotebookHost.display}. */
  display(data: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Clears it; with `wait`, only when there is new output. */
  clear(wait: boolean): void;
}

/** Work that runs independently of cells. */
export interface HostTask {
  /** Resolves when it has ended in any way, after its error was reported. */
  readonly ended: Promise<void>;
  /** Interrupts it silently. It may take some time to end. */
  abort(): void;
}

/**
 * The interface of a notebook's kernel. All members refer to the cell whose code calls them, even after it has awaited
 * something.
 */
export interface NotebookHost {
  /**
   * Displays something below the cell.
   *
   * @param displayId a name by which it can be updated later
   * @param update whether to replace all displays with this `displayId`
   */
  display(data: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Clears the cell's output; with `wait`, only when there is new output. */
  clearOutput(wait?: boolean): void;
  /** Aborted when the cell is interrupted; its reason is the error to throw. Undefined outside of cells. */
  readonly signal: AbortSignal | undefined;
  /** Calls back when the cell has ended in any way; it can still produce output. */
  onCellEnd(callback: () => void | Promise<void>): void;
  /** Calls back when the kernel ends. */
  onExit(callback: () => void): void;
  /**
   * The folder of the files that outputs load (`plotly.min.js`, `page.js`), relative to the base URL of the Jupyter
   * server; undefined if there is no such server.
   */
  readonly resources: string | undefined;

  // Earlier versions of kernels lack the following members.

  /**
   * Asks the user for a line.
   *
   * @param password whether to hide what is typed
   * @returns the line; rejects if the front end doesn't support input, or the cell is interrupted
   */
  input?(prompt: string, options?: { password?: boolean }): Promise<string>;
  /**
   * Opens a comm to all pages.
   *
   * @param current the state sent when it is opened, and to pages that connect later
   */
  openComm?(target: string, current: () => CommData, handlers?: CommHandlers, metadata?: Record<string, unknown>): Comm;
  /** Registers a handler for comms that pages open under this name; `onOpen` returns handlers for their messages. */
  onComm?(target: string, onOpen: (comm: Comm, message: CommData) => CommHandlers): void;
  /** The cell's output, for use after the cell has ended. The same limits apply to it. */
  readonly output?: HostOutput;
  /** Wraps an output so that it passes on only what a page can show; excess output goes to files, which it links. */
  limited?(output: HostOutput): HostOutput;
  /**
   * Calls `work`; its output, even after it has awaited something, goes to the given destination instead of the cell.
   */
  divert?<T>(output: HostOutput, work: () => T): T;
  /**
   * Runs work that a page has triggered like a cell of its own: it has its own signal and end, can be interrupted, and
   * errors appear in its output.
   *
   * @param name the name to use in errors
   */
  runTask?(name: string, output: HostOutput, work: () => unknown): HostTask;
  /**
   * Whether the cell supports {@link laterForms}. It doesn't in unattended execution of whole notebooks, where output
   * is accepted for only a few seconds after a cell.
   */
  readonly takesLaterForms?: boolean;
  /** The folder that contains the notebook. The cells of a translation run in another folder, that of the original. */
  readonly folder?: string;
  /** Calls back whenever no cell has run for a moment, for work that would otherwise delay the user. */
  onPause?(callback: () => void): void;
}

const key = Symbol.for('tf-mechanics.notebookHost');

/** The notebook's kernel; undefined in a plain program. */
export function notebookHost(): NotebookHost | undefined {
  return (globalThis as { [key]?: NotebookHost })[key];
}

/** For kernels: registers `host`. */
export function setNotebookHost(host: NotebookHost | undefined): void {
  (globalThis as { [key]?: NotebookHost })[key] = host;
}

/**
 * Ends a loop if its cell was interrupted.
 *
 * @throws {Error} when it was: the interrupt
 */
export function throwIfInterrupted(): void {
  notebookHost()?.signal?.throwIfAborted();
}
