/** Reads event files from any writer: this library, Python's TensorFlow, TensorBoard's own writer. */

import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Event } from '../../protos';
import { checkPath } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { DataLossError, NotFoundError, type TensorFlowError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { type RecordDamage, RecordDecoder } from '../../runtime/records';
import { isWritten } from './recordFile';

/** A damaged place in an event file, and the reason. */
export interface EventFileDamage extends Omit<RecordDamage, 'kind'> {
  path: string;
  /** The damage of the record, or that the system couldn't read the file. */
  kind: RecordDamage['kind'] | 'unreadable';
}

/** Options of reading event files. */
export interface ReadEventsOptions {
  /**
   * Whether damage is an error: a `DataLossError` after everything before the damage was returned. Otherwise there is
   * one warning per file, and intact records behind the damage are returned too.
   *
   * @defaultValue `false`
   */
  strict?: boolean;
}

/** An event and its position. */
export interface PlacedEvent {
  event: Event;
  path: string;
  offset: number;
}

/** The number of bytes read at once. */
const PIECE = 1 << 20;
/**
 * A file modified less than this many milliseconds ago is watched for this long, to see whether it is still growing.
 */
const GROWS_WITHIN = 50;
const JUST_WRITTEN = 2000;

/**
 * The events of a file, or of all event files of a folder, in the order of the files' names, which is chronological.
 * Events are read lazily, during iteration.
 *
 * From a damaged file, all intact events are returned: a damaged record is skipped; after a record with a damaged
 * length, or at the end of a truncated file, nothing more can be read. Damage is listed in `damage`, and causes a
 * warning, or an error with `strict`.
 *
 * A file that is still being written may end within a record. This is not damage, but listed in `damage` as
 * `truncated`.
 *
 * @example
 * const reader = tf.summary.readEvents('summaries/run1');
 * for await (const event of reader) console.log(event.step);
 * reader.damage; // []
 */
export class EventReader implements AsyncIterable<Event> {
  /** The damage found so far. */
  readonly damage: EventFileDamage[] = [];
  readonly #fileOrFolder: string;
  readonly #options: ReadEventsOptions;

  constructor(fileOrFolder: string, options: ReadEventsOptions = {}) {
    onlyOptions(options, { strict: 'boolean' });
    this.#fileOrFolder = fileOrFolder;
    this.#options = options;
  }

  /** Iterates over the events; every iteration reads from the beginning. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    this.damage.length = 0;
    for await (const events of readPlaced(this.#fileOrFolder, this.#options, this.damage))
      for (const { event } of events) yield event;
  }

  /** Reads all events. */
  async toArray(): Promise<Event[]> {
    const events: Event[] = [];
    for await (const event of this) events.push(event);
    return events;
  }
}

/**
 * Reads the events of an event file, or of all event files of a run's folder.
 *
 * @throws {NotFoundError} when, while iterating, there is no such file or folder, or no event file in the folder.
 * @throws {DataLossError} when, while iterating with `strict`, a file is damaged
 * @example
 * const events = tf.summary.readEvents('summaries/run1');
 * for await (const { step, summary } of events) {
 *   for (const { tag, simpleValue } of summary?.value ?? []) console.log(step, tag, simpleValue);
 * }
 * events.damage.length; // 0, if every event could be read; a warning has told otherwise
 */
export function readEvents(fileOrFolder: string, options?: ReadEventsOptions): EventReader {
  return new EventReader(fileOrFolder, options);
}

/**
 * Like Python's iterator, reads the events of an event file, or of all event files of a run's folder, and throws where
 * a file is damaged or truncated.
 *
 * @throws {NotFoundError} when, while iterating, there is no such file or folder, or no event file in the folder.
 * @throws {DataLossError} when, while iterating, a file is damaged; after the events before the damage
 * @example
 * for await (const { step, summary } of tf.train.summaryIterator('summaries/run1')) console.log(step, summary?.value.length);
 */
export function summaryIterator(fileOrFolder: string): EventReader {
  return new EventReader(fileOrFolder, { strict: true });
}

/**
 * The events with their positions, in batches of what was found at once.
 *
 * @param damage receives the damage that is found. Entries that the caller adds before it requests more are reported
 * too
 */
export async function* readPlaced(
  fileOrFolder: string,
  options: ReadEventsOptions,
  damage: EventFileDamage[],
): AsyncGenerator<PlacedEvent[], void, undefined> {
  const files = await eventFiles(fileOrFolder);
  const failures: TensorFlowError[] = [];
  for (const path of files) {
    try {
      yield* readFile(path, options, damage);
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error; // not an error of the system
      const failure = fileError(`cannot read events from ${path}`, error);
      failures.push(failure);
      // An unreadable file doesn't keep others from being read.
      if (options.strict || failures.length === files.length) throw failures[0];
      damage.push({ path, offset: 0, kind: 'unreadable', message: failure.message });
      console.warn(failure.message);
    }
  }
}

async function* readFile(
  file: string,
  { strict = false }: ReadEventsOptions,
  damage: EventFileDamage[],
): AsyncGenerator<PlacedEvent[], void, undefined> {
  const known = damage.length; // the damage of earlier files
  const decoder = new RecordDecoder();
  const handle = await fs.open(file);
  let sound = 0;
  let soundBefore = 0; // the first damage
  let size: number;
  try {
    // What is appended while we read is left to another reading.
    ({ size } = await handle.stat());
    let position = 0;
    let told = 0; // the amount of the decoder's damage that we have recorded
    const takeDamage = (found: readonly RecordDamage[]) => {
      for (const one of found.slice(told)) damage.push({ path: file, ...one });
      told = found.length;
    };
    while (position < size && decoder.missing <= size - position) {
      // Each piece has its own memory, because the bytes in events are views of it.
      const piece = new Uint8Array(Math.min(PIECE, size - position));
      const { bytesRead } = await handle.read(piece, 0, piece.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      let events: PlacedEvent[] = [];
      for (const { offset, data } of decoder.push(piece.subarray(0, bytesRead))) {
        try {
          events.push({ event: Event.decode(data), path: file, offset });
        } catch (error) {
          const message = `the record is sound but holds no event: ${messageOf(error)}`;
          damage.push({ path: file, offset, kind: 'corrupt', message });
        }
      }
      takeDamage(decoder.damage);
      const first = firstOf(damage, known);
      const before = first ? events.filter(({ offset }) => offset < first.offset) : events;
      if (strict) events = before;
      soundBefore += before.length;
      sound += events.length;
      if (events.length > 0) yield events;
      if (strict && first) throw new DataLossError(damageText(first, soundBefore));
    }
    takeDamage(decoder.end(size - position));
    if (size === 0) damage.push({ path: file, offset: 0, kind: 'truncated', message: 'the file is empty' });
  } finally {
    await handle.close();
  }
  const first = firstOf(damage, known);
  if (!first || (first.kind === 'truncated' && (await isBeingWritten(file, size)))) return;
  if (strict) throw new DataLossError(damageText(first, soundBefore));
  const others = damage.length - known - 1;
  console.warn(
    damageText(first, soundBefore) +
      (others > 0 ? `, and ${others} more ${others > 1 ? 'are' : 'is'} damaged` : '') +
      (first.kind === 'corrupt'
        ? `; ${sound - soundBefore || 'none'} of those behind could be read`
        : '; its writer was stopped, or is still at work elsewhere'),
  );
}

/** The first damage of a file. */
function firstOf(damage: readonly EventFileDamage[], start: number): EventFileDamage | undefined {
  let first = damage[start];
  for (const one of damage.slice(start)) if (one.offset < first!.offset) first = one;
  return first;
}

function damageText({ path, offset, message }: EventFileDamage, before: number): string {
  return `${path} is damaged at byte ${offset}, after ${before} sound record${before === 1 ? '' : 's'}: ${message}`;
}

/** Whether one of our writers has the file open, or the file is growing; its last record may then be incomplete. */
async function isBeingWritten(file: string, size: number): Promise<boolean> {
  if (isWritten(file)) return true;
  const now = () => fs.stat(file).catch(() => undefined); // it may have been removed
  if (((await now())?.mtimeMs ?? 0) < Date.now() - JUST_WRITTEN) return false;
  await setTimeout(GROWS_WITHIN);
  return ((await now())?.size ?? size) !== size;
}

async function eventFiles(fileOrFolder: string): Promise<string[]> {
  checkPath('the name of an event file or its folder', fileOrFolder);
  try {
    if (!(await fs.stat(fileOrFolder)).isDirectory()) return [fileOrFolder];
    const names = (await fs.readdir(fileOrFolder)).filter((name) => name.includes('tfevents'));
    if (names.length === 0) throw new NotFoundError(`there is no event file in ${fileOrFolder}`);
    return names.sort().map((name) => path.join(fileOrFolder, name));
  } catch (error) {
    throw fileError(`cannot read events from ${fileOrFolder}`, error);
  }
}
