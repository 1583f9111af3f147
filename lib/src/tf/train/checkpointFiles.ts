/**
 * The files of a checkpoint. The checkpoint `model.ckpt-100` consists of `model.ckpt-100.index`, one or more data files
 * (`model.ckpt-100.data-00000-of-00001`) and usually `model.ckpt-100.meta`, its graph. It exists if its index does.
 *
 * Every checkpoint is written in a folder of its own, `pending-…`, next to its destination, and moved there when it is
 * complete and on disk, data files first. So a new checkpoint appears atomically, and concurrent savers don't
 * interfere. Replacing an existing checkpoint is not atomic: between two renames, the index doesn't match the data.
 */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { nameFor, ownerOf } from '../../../shared/folderLock.cjs';
import { checkArray, checkPath, shown } from '../../runtime/arguments';
import { FailedPreconditionError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { clearReplacements, fileError, flushFile, lookFor, makeFolder, removeQuietly } from '../../runtime/files';

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
  checkPath('the name of a checkpoint', prefix);
  return isFile(`${prefix}.index`) || isFile(prefix); // the latter is a complete checkpoint in TensorFlow's first format
}

/** @throws {NotFoundError} when there is no checkpoint with this prefix; the message says what is there instead */
export function checkCheckpointExists(prefix: string): void {
  if (typeof prefix !== 'string' || prefix === '')
    throw new InvalidArgumentError(`a checkpoint is named by the prefix of its files, got ${shown(prefix)}`);
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
 * When the checkpoints with these prefixes were written, in seconds since the epoch; missing checkpoints are left out.
 *
 * @example
 * const [written] = tf.train.getCheckpointMtimes(['summaries/run1/model.ckpt-1000']);
 */
export function getCheckpointMtimes(prefixes: readonly string[]): number[] {
  checkArray('the names of checkpoints', prefixes);
  return prefixes.flatMap((prefix) => {
    checkPath('the name of a checkpoint', prefix);
    const file = isFile(`${prefix}.index`) ? `${prefix}.index` : prefix;
    const stats = lookFor(file);
    return stats?.isFile() ? [stats.mtimeMs / 1000] : [];
  });
}

/** A value that changes whenever files of the checkpoint are replaced or removed. */
export function versionOf(prefix: string): string {
  return checkpointFiles(prefix)
    .map((file) => {
      const stats = lookFor(file);
      return stats && `${stats.ino} ${stats.mtimeMs}`;
    })
    .join();
}

/** The lock to hold while moving checkpoints to their places in a folder. */
export function settlingLock(prefix: string): string {
  return path.join(path.dirname(prefix), 'checkpoint.lock');
}

/**
 * Removes the files of a checkpoint, if it exists.
 *
 * @throws {TensorFlowError} when a file can't be removed
 *
 * @example
 * tf.train.removeCheckpoint('summaries/run1/model.ckpt-900');
 */
export function removeCheckpoint(prefix: string): void {
  checkPath('the name of a checkpoint', prefix);
  const files = checkpointFiles(prefix);
  try {
    // The index first: if this is interrupted, the rest is no longer a checkpoint.
    for (const file of [...files.reverse(), metaGraphPath(prefix)]) fs.rmSync(file, { force: true });
  } catch (error) {
    throw fileError(`could not remove the checkpoint '${prefix}'`, error);
  }
}

/** The paths of a checkpoint's existing data files, followed by its index. */
export function checkpointFiles(prefix: string): string[] {
  const data = suffixesOf(prefix)
    .filter((suffix) => DATA.test(suffix))
    .map((suffix) => prefix + suffix);
  return [...data, ...existing(`${prefix}.index`)];
}

function existing(file: string): string[] {
  return isFile(file) ? [file] : [];
}

/** The parts after the prefix of the file names that start with it. */
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
  return lookFor(file)?.isDirectory() ?? false;
}

function isFile(file: string): boolean {
  return lookFor(file)?.isFile() ?? false;
}

/** Whether two prefixes are the same, however the folder is written. */
export function isSamePrefix(prefix: string, other: string): boolean {
  return path.resolve(prefix) === path.resolve(other);
}

/** Whether a checkpoint is in a folder, however the two names write it; also for one that will be moved there. */
export function liesIn(folder: string, prefix: string): boolean {
  const within = path.relative(realFolder(folder), realFolder(path.dirname(prefix)));
  return within === '' || (within.startsWith(PENDING) && !within.includes(path.sep));
}

function realFolder(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return path.resolve(folder); // the folder is gone, or unreadable
  }
}

/** The prefix of the name of a folder in which a checkpoint is being written; the name of its owner follows. */
const PENDING = 'pending-';

/** The file in it that contains the future name of the checkpoint. */
const TARGET = 'target';

/**
 * A checkpoint that is being written: `SaveV2` writes it under `prefix`, then it is flushed, and then moved to its
 * place.
 */
export class PendingCheckpoint {
  /** The final name of the checkpoint. */
  readonly target: string;
  /** The name of the checkpoint while it is being written. */
  readonly prefix: string;
  readonly #folder: string;

  /**
   * Creates the folder of the checkpoint, and one in which to write it.
   *
   * @throws {TensorFlowError} when one can't be created
   */
  constructor(target: string) {
    this.target = target;
    const parent = path.dirname(target);
    makeFolder(parent);
    let made: string | undefined;
    try {
      this.#folder = path.join(parent, PENDING + nameFor(parent));
      this.prefix = path.join(this.#folder, 'tensors');
      fs.mkdirSync(this.#folder);
      made = this.#folder;
      fs.writeFileSync(path.join(this.#folder, TARGET), path.basename(target));
    } catch (error) {
      if (made !== undefined) removeQuietly(made);
      throw fileError(`could not write into the folder of '${target}'`, error);
    }
  }

  /** Whether there is another checkpoint to replace. */
  get replaces(): boolean {
    return checkpointExists(this.target);
  }

  /**
   * Flushes the data to disk.
   *
   * @throws {FailedPreconditionError} when the data is elsewhere, because a process with another disk wrote it
   * @throws {TensorFlowError} when the system can't flush it
   */
  async flush(): Promise<void> {
    this.#checkWritten();
    try {
      for (const file of checkpointFiles(this.prefix)) {
        const handle = await fs.promises.open(file, 'r+');
        await handle.sync().finally(() => handle.close());
      }
    } catch (error) {
      throw fileError('could not flush a file', error);
    }
  }

  /** A synchronous {@link flush}. */
  flushSync(): void {
    this.#checkWritten();
    try {
      for (const file of checkpointFiles(this.prefix)) flushFile(file);
    } catch (error) {
      throw fileError('could not flush a file', error);
    }
  }

  /**
   * Moves the checkpoint to its place, where there is none yet; the index comes last.
   *
   * @throws {TensorFlowError} when that fails; nothing is there then
   */
  settle(): void {
    const suffixes = this.#suffixes();
    try {
      for (const suffix of suffixes) fs.renameSync(this.prefix + suffix, this.target + suffix);
    } catch (error) {
      for (const suffix of suffixes) if (isFile(this.target + suffix)) fs.rmSync(this.target + suffix, { force: true });
      throw fileError(`could not put the checkpoint '${this.target}' in its place`, error);
    }
    flushFolder(path.dirname(this.target));
  }

  /**
   * Replaces another checkpoint. The files under `prefix` remain until {@link clear}, for concurrent readers.
   *
   * @throws {TensorFlowError} when that fails
   */
  replace(): void {
    const suffixes = this.#suffixes();
    const temporary = path.join(this.#folder, 'replacement');
    try {
      for (const suffix of suffixes) copyFile(this.prefix + suffix, temporary + suffix);
      for (const suffix of suffixes) fs.renameSync(temporary + suffix, this.target + suffix);
      for (const file of checkpointFiles(this.target))
        if (!suffixes.includes(file.slice(this.target.length))) fs.rmSync(file, { force: true });
    } catch (error) {
      throw fileError(`could not replace the checkpoint '${this.target}'`, error);
    }
    flushFolder(path.dirname(this.target));
  }

  /** Flushes the names of the files to disk, so that nothing that refers to this checkpoint is on disk before it. */
  flushNames(): void {
    flushFolder(this.#folder);
  }

  /** Removes what was written under other names than the checkpoint's. */
  clear(): void {
    removeQuietly(this.#folder);
  }

  #checkWritten(): void {
    if (checkpointExists(this.prefix)) return;
    throw new FailedPreconditionError(
      `the tensors were written, but not on this machine, where '${path.dirname(this.target)}' lies: the tasks of a cluster need a folder that ` +
        'all of them share to save into',
    );
  }

  #suffixes(): string[] {
    const files = [...existing(metaGraphPath(this.prefix)), ...checkpointFiles(this.prefix)];
    return files.map((file) => file.slice(this.prefix.length));
  }
}

/**
 * Removes leftovers of killed savers next to a checkpoint, for checkpoints of the same name with any step: incomplete
 * checkpoints, and complete ones that no state file lists. Call this only when no saver is about to move a checkpoint
 * to its place.
 *
 * @param prefix the common beginning of the names, without the step
 * @param named the checkpoints that are listed
 */
export function clearLeftovers(prefix: string, named: readonly string[]): void {
  const folder = path.dirname(prefix);
  const own = (name: string) =>
    name.startsWith(path.basename(prefix)) && /^(-\d+)?$/.test(name.slice(path.basename(prefix).length));
  const isNamed = (name: string) => named.some((one) => path.basename(one) === name);
  const names = fs.readdirSync(folder);
  for (const name of names) {
    const file = path.join(folder, name);
    if (name.startsWith(PENDING) && ownerOf(name.slice(PENDING.length), folder)?.state === 'ended') {
      const target = readTarget(file);
      if (target !== undefined && !own(target)) continue;
      if (target !== undefined && !isNamed(target)) removeCheckpoint(path.join(folder, target));
      fs.rmSync(file, { recursive: true, force: true });
    }
    const [, of, suffix = ''] =
      /^(.*?)(\.(?:index|data-\d{5}-of-\d{5})\.tempstate\d+|\.pending-[0-9a-f]{12})$/.exec(name) ?? [];
    if (suffix !== '' && own(of!)) fs.rmSync(file, { recursive: true, force: true }); // left by older versions, which wrote checkpoints in place
  }
  clearReplacements(path.join(folder, 'checkpoint'));
  // Data without an index is left over from an interrupted removal.
  for (const name of names) {
    const [, of, suffix = ''] = /^(.*)(\.data-\d{5}-of-\d{5})$/.exec(name) ?? [];
    if (suffix !== '' && own(of!) && !isNamed(of!) && !names.includes(`${of}.index`))
      removeCheckpoint(path.join(folder, of!));
  }
}

function readTarget(pending: string): string | undefined {
  try {
    return path.basename(fs.readFileSync(path.join(pending, TARGET), 'utf8')) || undefined;
  } catch {
    return undefined; // killed before it was written
  }
}

/**
 * Creates another name for the same bytes if the file system supports it, else a copy. Neither is modified afterwards.
 */
function copyFile(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
    flushFile(to);
  }
}

/** Flushes the names in a folder to disk, where the system supports it. */
function flushFolder(folder: string): void {
  try {
    flushFile(folder, 'r');
  } catch {
    // Windows doesn't support it, and doesn't need it
  }
}
