/**
 * A file that grows by records, written in the background in large pieces.
 *
 * Records wait in memory until there are enough of them, they have waited long enough, or the cell of a notebook ends. Pieces
 * are written at fixed positions, so a piece whose write failed, or is still under way when the process ends, is simply
 * written again.
 */

import * as fs from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../runtime/errorContext';
import { FailedPreconditionError, NotFoundError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';
import { notebookHost } from '../../runtime/notebookHost';
import { RecordBuffer } from '../../runtime/records';

const write = promisify(fs.write);
const fstat = promisify(fs.fstat);
const close = promisify(fs.close);

/** A loop that never lets go of the thread keeps at most this many bytes waiting; then they are written at once. */
const MOST_WAITING = 1 << 20;

/** A timer that is set to more goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface RecordFileOptions {
  /** How many records may wait. */
  maxQueue: number;
  /** For how many seconds a record may wait. */
  flushSecs: number;
}

export class RecordFile {
  readonly path: string;
  readonly #fd: number;
  readonly #options: RecordFileOptions;

  /** Records that wait. */
  #waiting = new RecordBuffer();
  /** Records that are being written; kept until they are in the file. */
  #batch: RecordBuffer | undefined;
  /** A buffer for the next to wait while a batch is written. */
  #spare: RecordBuffer | undefined;
  /** How many bytes are in the file; the batch follows them, and what waits follows the batch. */
  #written = 0;

  /** The write that is under way. */
  #writing: Promise<void> | undefined;
  /** Whether another is to follow it. */
  #due = false;
  #closing: Promise<void> | undefined;
  /** How many calls of `flush` would hear of a failure. */
  #flushing = 0;
  /** A failure in the background, which the next call throws. */
  #failure: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #awaitsCellEnd = false;
  #open = true;
  /** When a record was last added, by `performance.now()`. */
  lastAdded = performance.now();

  /**
   * Creates the file at `path`, which must not exist.
   *
   * @throws {NodeJS.ErrnoException} when it can't be created: what the system says
   */
  constructor(path: string, options: RecordFileOptions) {
    this.path = path;
    this.#options = options;
    this.#fd = fs.openSync(path, 'wx');
    openFiles.add(this);
    foldersWritten.add(dirname(resolve(path)));
  }

  /** Whether records can be added. */
  get isOpen(): boolean {
    return this.#open;
  }

  /**
   * Where the next record is to be added; `added` must be called after it.
   *
   * @throws {TensorFlowError} when the file is closed, or records before could not be written. These are kept, and are written
   *   with the next ones if whatever was in the way is gone.
   */
  get buffer(): RecordBuffer {
    if (!this.#open) throw new FailedPreconditionError(`${this.path} is closed`);
    if (this.#failure) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
    if (this.#waiting.length >= MOST_WAITING) this.writeNow();
    return this.#waiting;
  }

  /** Sees to it that the record just added gets into the file: soon if it is urgent, else when enough of them wait. */
  added(urgent: boolean): void {
    this.lastAdded = performance.now();
    if (urgent || this.#waiting.count >= this.#options.maxQueue) this.#writeSoon();
    else {
      // It need not keep the process alive: what waits at its end is written then.
      this.#timer ??= setTimeout(
        () => this.#writeSoon(),
        Math.min(this.#options.flushSecs * 1000, LONGEST_TIMER),
      ).unref();
      this.#writeAtCellEnd();
    }
  }

  /** In a notebook the next cell, and TensorBoard, see what a cell has written, also where it was interrupted. */
  #writeAtCellEnd(): void {
    const host = this.#awaitsCellEnd ? undefined : notebookHost();
    if (!host?.signal) return;
    this.#awaitsCellEnd = true;
    host.onCellEnd(async () => {
      this.#awaitsCellEnd = false;
      if (!this.#open) return;
      await this.flush().catch((error) => {
        this.#failure = error;
      });
    });
  }

  /** Resolves when every record added before is in the file. */
  async flush(): Promise<void> {
    const end = this.#written + (this.#batch?.length ?? 0) + this.#waiting.length;
    this.#failure = undefined; // Tried again now.
    this.#flushing++;
    try {
      while (this.#written < end) await this.#write();
    } finally {
      this.#flushing--;
    }
  }

  /**
   * Writes what waits and closes the file. If that can't be written the file stays open, so that it can be tried again, unless
   * it was removed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#flushAndClose().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  /** Writes what waits before it returns. */
  writeNow(): void {
    try {
      // A batch that is being written in the background is written twice, with the same bytes at the same place.
      if (this.#batch) this.#writeBatchNow(this.#batch);
      this.#batch = undefined;
      this.#writeBatchNow(this.#waiting);
      this.#waiting = reusable(this.#waiting) ?? new RecordBuffer();
      if (fs.fstatSync(this.#fd).nlink === 0) throw removed(this.path);
    } catch (error) {
      throw fileError(`cannot write ${this.path}`, error);
    }
  }

  /** Does what {@link close} does before it returns; nothing may be under way in the background. */
  closeNow(): void {
    this.writeNow();
    this.#open = false;
    openFiles.delete(this);
    clearTimeout(this.#timer);
    fs.closeSync(this.#fd);
  }

  /** Does away with a file that could not be begun, before anything is written in the background. */
  remove(): void {
    this.#open = false;
    openFiles.delete(this);
    fs.closeSync(this.#fd);
    fs.rmSync(this.path, { force: true });
  }

  async #flushAndClose(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    let failure: unknown;
    try {
      await this.flush();
    } catch (error) {
      failure = error;
    }
    this.#open = failure !== undefined && !(failure instanceof NotFoundError);
    if (!this.#open) {
      openFiles.delete(this);
      clearTimeout(this.#timer);
      await close(this.#fd);
    }
    if (failure !== undefined) throw failure;
  }

  #writeSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = this.#writing !== undefined;
    if (this.#due || !this.#open) return;
    this.#write().catch((error) => {
      if (this.#flushing === 0) this.#failure = error;
    });
  }

  /** Writes one batch, or waits for the one that is under way. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.#due) this.#writeSoon();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    if (!this.#batch) {
      this.#batch = this.#waiting;
      this.#waiting = this.#spare ?? new RecordBuffer();
      this.#spare = undefined;
    }
    const batch = this.#batch;
    const start = this.#written;
    try {
      for (let done = 0; done < batch.length; ) {
        done += (await write(this.#fd, batch.bytes, done, batch.length - done, start + done)).bytesWritten;
      }
      // Writing to a file without a name succeeds and is of no use to anyone.
      if ((await fstat(this.#fd)).nlink === 0) throw removed(this.path);
    } catch (error) {
      throw fileError(`cannot write ${this.path}`, error);
    }
    if (this.#batch === batch) {
      this.#batch = undefined;
      this.#written += batch.length;
    }
    this.#spare = reusable(batch);
  }

  #writeBatchNow(batch: RecordBuffer): void {
    for (let done = 0; done < batch.length; ) {
      done += fs.writeSync(this.#fd, batch.bytes, done, batch.length - done, this.#written + done);
    }
    this.#written += batch.length;
  }
}

/** The buffer without its records; a very large one, which held a graph, is given back to the system. */
function reusable(buffer: RecordBuffer): RecordBuffer | undefined {
  if (buffer.bytes.length > 2 * MOST_WAITING) return undefined;
  buffer.clear();
  return buffer;
}

const removed = (path: string): NotFoundError => new NotFoundError(`cannot write ${path}: it was removed`);

/** Whether a file is open here to be written. */
export function isWritten(file: string): boolean {
  const wanted = resolve(file);
  for (const open of openFiles) if (resolve(open.path) === wanted) return true;
  return false;
}

/** The folders in which this process has made such files. */
const foldersWritten = new Set<string>();

/** Whether this process has written events in a folder. */
export function isWrittenHere(folder: string): boolean {
  return foldersWritten.has(resolve(folder));
}

/** The files in or below a folder, given by its real path, that are open here to be written. */
export function openFilesBelow(folder: string): RecordFile[] {
  return [...openFiles].filter((file) => {
    try {
      return `${fs.realpathSync(dirname(file.path))}${sep}`.startsWith(folder + sep);
    } catch {
      return false; // its folder is gone
    }
  });
}

/** What waits when the process ends, after an uncaught error too, is written then. */
const openFiles = new Set<RecordFile>();
process.on('exit', () => {
  for (const file of openFiles) {
    try {
      file.writeNow();
    } catch (error) {
      console.error(messageOf(error));
    }
  }
});
