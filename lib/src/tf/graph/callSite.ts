/** Finds the caller of this library: the line of a program or notebook cell that built an operation. */
import path from 'node:path';

/** Stack frames in this folder belong to the library, except those of its tests. */
const libraryFolder = path.join(__dirname, '..', '..') + path.sep;
const isCaller = (frame: string) =>
  !frame.includes('node:') && (!frame.includes(libraryFolder) || frame.includes('.test.'));

/** Deep enough to reach the caller from the library's deepest helper. */
const DEPTH = 40;

/** The stack at one moment. The engine captures it, and it is formatted only on demand. */
export class CallSite {
  readonly #trace: Error;

  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = DEPTH;
    this.#trace = new Error();
    Error.stackTraceLimit = limit;
  }

  /** The file, line and column of the caller, or undefined if the stack contains only the library. */
  get location(): string | undefined {
    const frame = (this.#trace.stack ?? '').split('\n').slice(1).find(isCaller);
    return frame
      ?.trim()
      .match(/\(?([^()]*:\d+:\d+)\)?$/)?.[1]
      ?.replace(/^at (async )?/, '');
  }
}
