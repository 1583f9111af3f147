/** Reads event files, whoever wrote them: this library, Python's TensorFlow, TensorBoard's own writer. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Event } from '../protos';
import { NotFoundError } from '../runtime/errors';
import { fileError } from '../runtime/files';
import { type RecordDamage, RecordDecoder } from './records';

/** Where reading an event file stopped before its end, and why. */
export interface EventFileDamage extends RecordDamage {
  path: string;
}

/** How much of a file is read at once. */
const PIECE = 1 << 20;

/**
 * The events of a file or of all event files of a folder, in the order of the files' names, which is that of their age. Events
 * are read while they are iterated over.
 *
 * A file whose end is missing, since it is still being written or its writer was killed, or which is damaged, gives
 * everything before that place, and `damage` tells of it. No error is thrown for it.
 */
export class EventReader implements AsyncIterable<Event> {
  /** The files in which reading stopped early, so far. */
  readonly damage: EventFileDamage[] = [];
  readonly #fileOrFolder: string;

  constructor(fileOrFolder: string) {
    this.#fileOrFolder = fileOrFolder;
  }

  /** The events, one after the other; every iteration reads from the beginning. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    this.damage.length = 0;
    for (const file of await eventFiles(this.#fileOrFolder)) yield* this.#read(file);
  }

  /** All events at once. */
  async toArray(): Promise<Event[]> {
    const events: Event[] = [];
    for await (const event of this) events.push(event);
    return events;
  }

  async *#read(file: string): AsyncGenerator<Event, void, undefined> {
    const decoder = new RecordDecoder();
    const handle = await fs.open(file);
    try {
      // What is added while we read is for another reading.
      const { size } = await handle.stat();
      for (let position = 0; position < size; ) {
        // Each piece has memory of its own, since the bytes in events are views of it.
        const piece = new Uint8Array(Math.min(PIECE, size - position));
        const { bytesRead } = await handle.read(piece, 0, piece.length, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        for (const { offset, data } of decoder.push(piece.subarray(0, bytesRead))) {
          let event: Event;
          try {
            event = Event.decode(data);
          } catch (error) {
            const message = `the record is sound but holds no event: ${(error as Error).message}`;
            this.damage.push({ path: file, offset, kind: 'corrupt', message });
            return;
          }
          yield event;
        }
      }
    } finally {
      await handle.close();
    }
    const damage = decoder.end();
    if (damage) this.damage.push({ path: file, ...damage });
  }
}

/**
 * The events of an event file, or of all event files of a run's folder.
 *
 * @throws {NotFoundError} While iterating: if there is no such file or folder, or no event file in the folder.
 * @example
 * const events = tf.readEvents('summaries/run1');
 * for await (const { step, summary } of events) {
 *   for (const { tag, simpleValue } of summary?.value ?? []) console.log(step, tag, simpleValue);
 * }
 * for (const { path, offset, message } of events.damage) console.warn(`${path}, byte ${offset}: ${message}`);
 */
export function readEvents(fileOrFolder: string): EventReader {
  return new EventReader(fileOrFolder);
}

async function eventFiles(fileOrFolder: string): Promise<string[]> {
  try {
    if (!(await fs.stat(fileOrFolder)).isDirectory()) return [fileOrFolder];
    const names = (await fs.readdir(fileOrFolder)).filter((name) => name.includes('tfevents'));
    if (names.length === 0) throw new NotFoundError(`there is no event file in ${fileOrFolder}`);
    return names.sort().map((name) => path.join(fileOrFolder, name));
  } catch (error) {
    throw fileError(`cannot read events from ${fileOrFolder}`, error);
  }
}
