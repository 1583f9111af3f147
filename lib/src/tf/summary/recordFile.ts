/**
 * A file to which records are appended in the background, in large pieces.
 *
 * Records wait in memory until there are enough of them, they have waited long enough, or the cell of a notebook ends.
 * Pieces are written at fixed positions, so a piece whose write failed, or that is still being written when the process
 * exits, is simply written again.
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

/**
 * The maximum number of bytes that wait while a synchronous loop blocks the thread; then they are written
 * synchronously.
 */
const MOST_WAITING = 1 << 20;

/** A timer with a longer delay fires immediately. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface RecordFileOptions {
  /** The maximum number of waiting records. */
  maxQueue: number;
  /** The maximum number of seconds that a record waits. */
  flushSecs: number;
}

export class RecordFile {
  readonly path: string;
  readonly #fd: number;
  readonly #options: RecordFileOptions;

  /** Waiting records. */
  #waiting = new RecordBuffer();
  /** Records that are being written, kept until they are in the file. */
  #batch: RecordBuffer | undefined;
  /** A buffer for waiting records while a batch is being written. */
  #spare: RecordBuffer | undefined;
  /** The number of bytes in the file; the batch comes next, then the waiting records. */
  #written = 0;

  /** The write in progress. */
  #writing: Promise<void> | undefined;
  /** Whether another write is to follow. */
  #due = false;
  #closing: Promise<void> | undefined;
  /** The number of pending `flush` calls, which would report a failure. */
  #flushing = 0;
  /** The failure of a background write, which the next call throws. */
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
   * The buffer to which the next record is appended; `added` must be called afterwards.
   *
   * @throws {TensorFlowError} when the file is closed, or earlier records could not be written. These are kept, and
   * written with the next ones if the obstacle is gone.
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

  /** Schedules writing of the record just added: soon if it is urgent, otherwise when enough records wait. */
  added(urgent: boolean): void {
    this.lastAdded = performance.now();
    if (urgent || this.#waiting.count >= this.#options.maxQueue) this.#writeSoon();
    else {
      // It doesn't need to keep the process alive: waiting records are written at exit.
      this.#timer ??= setTimeout(
        () => this.#writeSoon(),
        Math.min(this.#options.flushSecs * 1000, LONGEST_TIMER),
      ).unref();
      this.#writeAtCellEnd();
    }
  }

  /**
   * At the end of a cell, even an interrupted one, its records are written, so that the next cell and TensorBoard see
   * them.
   */
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

  /** Resolves when every record added so far is in the file. */
  async flush(): Promise<void> {
    const end = this.#written + (this.#batch?.length ?? 0) + this.#waiting.length;
    this.#failure = undefined; // It is tried again now.
    this.#flushing++;
    try {
      while (this.#written < end) await this.#write();
    } finally {
      this.#flushing--;
    }
  }

  /**
   * Writes the waiting records and closes the file. If that fails, the file stays open for another try, unless it was
   * removed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#flushAndClose().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  /** Writes the waiting records synchronously. */
  writeNow(): void {
    try {
      // A batch that is being written in the background is written again: the same bytes at the same position.
      if (this.#batch) this.#writeBatchNow(this.#batch);
      this.#batch = undefined;
      this.#writeBatchNow(this.#waiting);
      this.#waiting = reusable(this.#waiting) ?? new RecordBuffer();
      if (fs.fstatSync(this.#fd).nlink === 0) throw removed(this.path);
    } catch (error) {
      throw fileError(`cannot write ${this.path}`, error);
    }
  }

  /** A synchronous {@link close}; no background write may be in progress. */
  closeNow(): void {
    this.writeNow();
    this.#open = false;
    openFiles.delete(this);
    clearTimeout(this.#timer);
    fs.closeSync(this.#fd);
  }

  /** Removes a file whose creation failed, before anything is written in the background. */
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

  /** Writes one batch, or waits for the one in progress. */
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
      // Writing to a deleted file succeeds, but is of no use.
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

/** The buffer without its records; a very large one, which contained a graph, is discarded. */
function reusable(buffer: RecordBuffer): RecordBuffer | undefined {
  if (buffer.bytes.length > 2 * MOST_WAITING) return undefined;
  buffer.clear();
  return buffer;
}

const removed = (path: string): NotFoundError => new NotFoundError(`cannot write ${path}: it was removed`);

/** Whether a file is open for writing in this process. */
export function isWritten(file: string): boolean {
  const wanted = resolve(file);
  for (const open of openFiles) if (resolve(open.path) === wanted) return true;
  return false;
}

/** The folders in which this process has created event files. */
const foldersWritten = new Set<string>();

/** Whether this process has written events in a folder. */
export function isWrittenHere(folder: string): boolean {
  return foldersWritten.has(resolve(folder));
}

/** The files in or below a folder, given by its real path, that are open for writing in this process. */
export function openFilesBelow(folder: string): RecordFile[] {
  return [...openFiles].filter((file) => {
    try {
      return `${fs.realpathSync(dirname(file.path))}${sep}`.startsWith(folder + sep);
    } catch {
      return false; // its folder is gone
    }
  });
}

/** Records waiting when the process exits, even after an uncaught error, are written then. */
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
