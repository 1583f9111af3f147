/**
 * The journal of a search: an append-only file with one JSON object per line. Each line is on disk before the search
 * acts on it. If the process is killed, everything in the journal has happened, and everything else is done again.
 */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { DataLossError, NotFoundError } from '../runtime/errors';
import { fileError, flushFile, readText } from '../runtime/files';

/** A journal opened for appending. */
export class Journal<R extends object> {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #flush: boolean;

  /**
   * Opens the journal at `path`, or creates an empty one. An incomplete last line, which a power failure can leave, is
   * removed; its record counts as not written.
   *
   * @param flush whether to flush each record to disk, so that it also survives a crash of the machine
   * @throws {TensorFlowError} when the file can't be opened
   */
  constructor(path: string, { flush = true }: { flush?: boolean } = {}) {
    this.#path = path;
    this.#flush = flush;
    let opened: number | undefined;
    try {
      opened = fs.openSync(path, 'a+');
      this.#descriptor = opened;
      const bytes = fs.readFileSync(path);
      fs.ftruncateSync(this.#descriptor, bytes.lastIndexOf('\n') + 1);
      flushFile(dirname(path), 'r'); // a new file's directory entry, too
    } catch (error) {
      if (opened !== undefined) fs.closeSync(opened);
      throw fileError(`could not open the journal ${path}`, error);
    }
  }

  /** Appends a record; it is stored when this returns. */
  append(record: R): void {
    const { size } = fs.fstatSync(this.#descriptor);
    try {
      fs.writeFileSync(this.#descriptor, `${JSON.stringify(record)}\n`); // completely, or it throws
      if (this.#flush) fs.fsyncSync(this.#descriptor);
    } catch (error) {
      fs.ftruncateSync(this.#descriptor, size); // removes a partial record
      throw fileError(`could not write to the journal ${this.#path}`, error);
    }
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }
}

/**
 * The records of a JSON lines file; empty if the file doesn't exist. An unterminated last line is ignored.
 *
 * @throws {DataLossError} when a line isn't JSON
 */
export function readJournal<R extends object>(path: string): R[] {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw error;
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as R;
    } catch {
      throw new DataLossError(`line ${i + 1} of ${path} is no JSON: ${line.slice(0, 80)}`);
    }
  });
}
