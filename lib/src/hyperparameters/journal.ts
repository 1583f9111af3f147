/**
 * The journal of a search: an append-only file with one JSON object per line. Each line is on disk before the search
 * acts on it. If the process is killed, everything in the journal has happened, and everything else is done again.
 */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { DataLossError, NotFoundError } from '../runtime/errors';
import { fileError, flushFile, readText } from '../runtime/files';

/** A journal that is open for more lines. */
export class Journal<R extends object> {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #flush: boolean;

  /**
   * Opens the journal at `path`, or makes an empty one. A last line that was cut off, as a power failure may do it, is removed: what
   * it was to say is not done yet.
   *
   * @param flush whether each record is to be on the disk at once, not only safe from the end of this process
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
      flushFile(dirname(path), 'r'); // a new file's name, too
    } catch (error) {
      if (opened !== undefined) fs.closeSync(opened);
      throw fileError(`could not open the journal ${path}`, error);
    }
  }

  /** Adds a record, which is there when this returns. */
  append(record: R): void {
    const { size } = fs.fstatSync(this.#descriptor);
    try {
      fs.writeFileSync(this.#descriptor, `${JSON.stringify(record)}\n`); // all of it, or an error
      if (this.#flush) fs.fsyncSync(this.#descriptor);
    } catch (error) {
      fs.ftruncateSync(this.#descriptor, size); // nothing of a record that isn't there
      throw fileError(`could not write to the journal ${this.#path}`, error);
    }
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }
}

/**
 * The records of a file of JSON lines; none when there is no file. A last line without an end is not one.
 *
 * @throws {DataLossError} when a line is no JSON
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
