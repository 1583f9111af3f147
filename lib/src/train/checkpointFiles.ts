/**
 * The files of a checkpoint. One with the prefix `model.ckpt-100` consists of `model.ckpt-100.index`, which makes it a
 * checkpoint, `model.ckpt-100.data-00000-of-00001` (one or more), and mostly `model.ckpt-100.meta`, its graph.
 *
 * `SaveV2` writes data and index under temporary names and gives them their own when they are whole, the data first. So a
 * new checkpoint is there or it isn't. One that takes the place of another is not safe that way: between the two new names,
 * the index doesn't fit the data.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { fileError, flushFile } from '../runtime/files';

const DATA = /^\.data-\d{5}-of-\d{5}$/;

/** The path of the file that holds a checkpoint's graph. */
export function metaGraphPath(prefix: string): string {
  return `${prefix}.meta`;
}

/**
 * Whether there is a checkpoint with this prefix.
 *
 * @example
 * tf.train.checkpointExists('summaries/run1/model.ckpt-1000');
 */
export function checkpointExists(prefix: string): boolean {
  return isFile(`${prefix}.index`) || isFile(prefix); // the latter is a whole checkpoint of TensorFlow's first format
}

/** @throws {NotFoundError} when there is no checkpoint with this prefix, saying what is there instead */
export function checkCheckpointExists(prefix: string): void {
  if (typeof prefix !== 'string' || prefix === '')
    throw new InvalidArgumentError(`a checkpoint is named by the prefix of its files, got ${JSON.stringify(prefix)}`);
  const named = /^(.+)\.(?:index|meta|data-\d{5}-of-\d{5})$/.exec(prefix)?.[1];
  if (named !== undefined && isFile(`${named}.index`))
    throw new NotFoundError(`there is no checkpoint '${prefix}': that is one file of the checkpoint '${named}'`);
  if (checkpointExists(prefix)) return;
  throw new NotFoundError(
    isFolder(prefix)
      ? `there is no checkpoint '${prefix}': that is a folder, whose newest checkpoint latestCheckpoint('${prefix}') gives`
      : `there is no checkpoint '${prefix}': '${prefix}.index' doesn't exist`,
  );
}

/**
 * When the checkpoints with these prefixes were written, in seconds since the epoch; those that don't exist are left out.
 */
export function getCheckpointMtimes(prefixes: readonly string[]): number[] {
  return prefixes.flatMap((prefix) => {
    const file = isFile(`${prefix}.index`) ? `${prefix}.index` : prefix;
    const stats = stat(file);
    return stats?.isFile() ? [stats.mtimeMs / 1000] : [];
  });
}

/**
 * Removes the files of a checkpoint. One that isn't there is no error.
 *
 * @throws {TensorFlowError} when a file can't be removed
 */
export function removeCheckpoint(prefix: string): void {
  const files = checkpointFiles(prefix);
  try {
    // The index first: what is left, should this be interrupted, is no checkpoint any more.
    for (const file of [...files.reverse(), metaGraphPath(prefix)]) fs.rmSync(file, { force: true });
  } catch (error) {
    throw fileError(`could not remove the checkpoint '${prefix}'`, error);
  }
}

/** The paths of a checkpoint's data files and, last, of its index, as far as they exist. */
function checkpointFiles(prefix: string): string[] {
  const data = suffixesOf(prefix)
    .filter((suffix) => DATA.test(suffix))
    .map((suffix) => prefix + suffix);
  return [...data, ...existing(`${prefix}.index`)];
}

function existing(file: string): string[] {
  return isFile(file) ? [file] : [];
}

/** What follows the prefix in the names of the folder that start with it. */
function suffixesOf(prefix: string): string[] {
  const base = path.basename(prefix);
  try {
    const names = fs.readdirSync(path.dirname(prefix));
    return names.filter((name) => name.startsWith(base)).map((name) => name.slice(base.length));
  } catch {
    return []; // no folder, no files
  }
}

/** Whether there is a folder at this path. */
export function isFolder(file: string): boolean {
  return stat(file)?.isDirectory() ?? false;
}

function isFile(file: string): boolean {
  return stat(file)?.isFile() ?? false;
}

function stat(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined; // beneath a file there is nothing
    throw fileError(`could not look for '${file}'`, error);
  }
}

/**
 * One checkpoint on its way to the disk. `SaveV2` writes it under `prefix`; then it is flushed, and then it is put where it
 * belongs, which is another place only where a checkpoint is to be replaced.
 */
export class PendingCheckpoint {
  /** What the checkpoint will be called. */
  readonly target: string;
  /** What it is called while it is written. */
  readonly prefix: string;
  /** Whether there is another checkpoint to take the place of. */
  readonly replaces: boolean;
  readonly #hadMetaGraph: boolean;

  /** Makes the folder. */
  constructor(target: string) {
    this.target = target;
    this.replaces = checkpointExists(target);
    this.#hadMetaGraph = isFile(metaGraphPath(target));
    this.prefix = this.replaces ? path.join(`${target}${PENDING}${randomName()}`, path.basename(target)) : target;
    try {
      fs.mkdirSync(path.dirname(this.prefix), { recursive: true });
    } catch (error) {
      throw fileError(`could not make the folder of '${target}'`, error);
    }
  }

  /** Has the system put the data on the disk. */
  async flush(): Promise<void> {
    try {
      for (const file of checkpointFiles(this.prefix)) {
        const handle = await fs.promises.open(file, 'r+');
        await handle.sync().finally(() => handle.close());
      }
    } catch (error) {
      throw fileError('could not flush a file', error);
    }
  }

  /** Does what {@link flush} does before it returns. */
  flushSync(): void {
    try {
      for (const file of checkpointFiles(this.prefix)) flushFile(file);
    } catch (error) {
      throw fileError('could not flush a file', error);
    }
  }

  /** Has the system put the names of the files on the disk, so that nothing which names this checkpoint is there before it. */
  flushNames(): void {
    flushFolder(path.dirname(this.prefix));
  }

  /** Puts the checkpoint where it belongs. What `prefix` names stays there until {@link clear}. */
  settle(): void {
    if (!this.replaces) return;
    const temporary = `${this.target}${PENDING}${randomName()}`;
    const files = [...checkpointFiles(this.prefix), ...existing(metaGraphPath(this.prefix))];
    const suffixes = files.map((file) => file.slice(this.prefix.length));
    try {
      for (const suffix of suffixes) copyFile(this.prefix + suffix, temporary + suffix);
      for (const suffix of suffixes) fs.renameSync(temporary + suffix, this.target + suffix);
    } catch (error) {
      throw fileError(`could not replace the checkpoint '${this.target}'`, error);
    }
    flushFolder(path.dirname(this.target));
  }

  /** Gives up: removes what was written, and leaves everything else as it was. */
  discard(): void {
    try {
      if (!this.replaces) {
        for (const file of checkpointFiles(this.target).reverse()) fs.rmSync(file, { force: true });
        if (!this.#hadMetaGraph) fs.rmSync(metaGraphPath(this.target), { force: true });
      }
      this.clear();
    } catch {
      // What made this fail made the writing fail before, and that is what the caller is told.
    }
  }

  /** Removes what is left over beside the checkpoint: by this writing, or `byOthers` too, which were killed before. */
  clear({ byOthers = false } = {}): void {
    if (this.replaces) fs.rmSync(path.dirname(this.prefix), { recursive: true, force: true });
    for (const suffix of suffixesOf(this.target)) {
      if (TEMPORARY.test(suffix) || (byOthers && suffix.startsWith(PENDING)))
        fs.rmSync(this.target + suffix, { recursive: true, force: true });
    }
  }
}

/** Stands between a checkpoint's name and a random one in the names of folders and files that are to become the checkpoint. */
const PENDING = '.pending-';

/** How `SaveV2` ends the names of files that it is still writing. */
const TEMPORARY = /^\.(?:index|data-\d{5}-of-\d{5})\.tempstate\d+$/;

function randomName(): string {
  return randomBytes(6).toString('hex');
}

/** Another name for the same bytes where the file system has such a thing, else a copy. Neither is changed afterwards. */
function copyFile(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
    flushFile(to);
  }
}

/** Has the names in a folder written to the disk, where the system can do that. */
function flushFolder(folder: string): void {
  try {
    flushFile(folder, 'r');
  } catch {
    // Windows can't, and doesn't need it
  }
}
