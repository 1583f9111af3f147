/** Where a caller of this library stands: the line of a program or a notebook's cell that built an operation. */
import path from 'node:path';

/** Frames of the library itself are not the caller's, its tests' are. */
const libraryFolder = path.join(__dirname, '..', '..') + path.sep;
const isCaller = (frame: string) =>
  !frame.includes('node:') && (!frame.includes(libraryFolder) || frame.includes('.test.'));

/** Deep enough to leave the library from its deepest helper. */
const DEPTH = 40;

/** The stack at one moment. It is kept as the engine captures it and read only when somebody asks. */
export class CallSite {
  readonly #trace: Error;

  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = DEPTH;
    this.#trace = new Error();
    Error.stackTraceLimit = limit;
  }

  /** The file, line and column of the caller, or undefined when only the library is on the stack. */
  get location(): string | undefined {
    const frame = (this.#trace.stack ?? '').split('\n').slice(1).find(isCaller);
    return frame
      ?.trim()
      .match(/\(?([^()]*:\d+:\d+)\)?$/)?.[1]
      ?.replace(/^at (async )?/, '');
  }
}
