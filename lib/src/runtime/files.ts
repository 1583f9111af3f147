/**
 * Reads and atomically replaces whole files. Errors of the operating system become TensorFlow errors of the
 * corresponding class that name the file.
 */

import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { checkPath } from './arguments';
import {
  AlreadyExistsError,
  DataLossError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  TensorFlowError,
  UnknownError,
} from './errors';

/** The limit for files of unknown size: pipes, or devices such as `/dev/zero`, which never end. */
const MOST_UNTOLD = 64 * 2 ** 20;

/**
 * Reads the file at `path`.
 *
 * @throws {NotFoundError} when there is none; another TensorFlowError when it can't be read
 * @throws {InvalidArgumentError} when it is a pipe or a device that provides more than 64 MiB
 */
export async function readWhole(path: string): Promise<Buffer> {
  checkPath('the name of a file', path);
  try {
    const handle = await open(path);
    try {
      return (await handle.stat()).isFile() ? await handle.readFile() : await readToEnd(handle, path);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(`could not read ${path}`, error);
  }
}

async function readToEnd(handle: FileHandle, path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, null);
    if (bytesRead === 0) return Buffer.concat(pieces, length);
    pieces.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length > MOST_UNTOLD)
      throw new InvalidArgumentError(`${path} is no regular file, and gives more than ${MOST_UNTOLD} bytes`);
  }
}

/** The maximum size of a configuration or record file, in bytes. */
const MOST_RECORDED = 256 * 2 ** 20;

/**
 * Reads a text file, such as a configuration.
 *
 * @param most the maximum size in bytes
 * @throws {NotFoundError} when there is none; another TensorFlowError when it can't be read
 * @throws {InvalidArgumentError} when it is not a regular file, or larger
 */
export function readText(path: string, most = MOST_RECORDED): string {
  checkPath('the name of a file', path);
  try {
    const stats = fs.statSync(path);
    if (!stats.isFile() && !stats.isDirectory()) throw new InvalidArgumentError(`${path} is no regular file`);
    if (stats.size > most)
      throw new InvalidArgumentError(
        `${path} has ${stats.size} bytes, more than the ${most} that are read of such a file`,
      );
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(`could not read ${path}`, error);
  }
}

/** Reads the file at `path`; undefined if there is none. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readWhole(path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Writes `bytes`, given as a whole or in pieces, to `path`, creating its folder if necessary. They are written next to
 * it and then renamed, so that readers, and interrupted writes, leave either the old or the new file.
 *
 * @throws {TensorFlowError} when it can't be written; what was at `path` is unchanged
 */
export async function replaceFile(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  checkPath('the name of a file', path);
  const temporary = temporaryName(path);
  try {
    makeFolder(dirname(path));
    // Flushed first: after a power failure, a name must not refer to bytes that never reached the disk.
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(`could not write ${path}`, error);
  }
}

/**
 * A synchronous {@link replaceFile}, in an existing folder.
 *
 * @throws {TensorFlowError} when it can't be written; what was at `path` is unchanged
 */
export function replaceFileSync(path: string, bytes: Uint8Array | string): void {
  checkPath('the name of a file', path);
  const temporary = temporaryName(path);
  try {
    fs.writeFileSync(temporary, bytes);
    flushFile(temporary);
    fs.renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw fileError(`could not write '${path}'`, error);
  }
}

/**
 * Writes a folder atomically: its files are written into a folder next to it, which then replaces it.
 *
 * @param write writes the files into a given folder
 * @param isReplaceable returns, by name, whether an existing entry of the folder may be deleted at all
 * @param overwrites whether to delete such entries now
 * @throws {AlreadyExistsError} when the path contains something that may not be deleted
 * @throws {TensorFlowError} when it can't be written; what was at `folder` is unchanged
 */
export async function replaceFolder(
  folder: string,
  write: (pending: string) => Promise<void>,
  isReplaceable: (name: string) => boolean = () => false,
  overwrites = false,
): Promise<void> {
  checkPath('the name of a folder', folder);
  const target = resolve(folder);
  const check = () => checkFree(folder, isReplaceable, overwrites);
  check();
  const [pending, replaced] = ['pending', 'replaced'].map(
    (what) => `${target}.${what}-${process.pid}-${randomBytes(4).toString('hex')}`,
  ) as [string, string];
  try {
    makeFolders(pending);
    await write(pending);
    check(); // someone else may have written meanwhile
    if (fs.existsSync(target)) fs.renameSync(target, replaced);
    fs.renameSync(pending, target);
  } catch (error) {
    if (fs.existsSync(replaced) && !fs.existsSync(target)) fs.renameSync(replaced, target);
    throw fileError(`could not write ${folder}`, error);
  } finally {
    removeQuietly(pending);
    removeQuietly(replaced);
  }
}

function checkFree(folder: string, isReplaceable: (name: string) => boolean, overwrites: boolean): void {
  const stats = lookFor(folder);
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new AlreadyExistsError(`${folder} is a file: choose another folder`);
  const names = fs.readdirSync(folder);
  const stays = names.find((name) => !isReplaceable(name));
  if (stays === undefined && (overwrites || names.length === 0)) return;
  throw new AlreadyExistsError(
    `${folder} has ${stays ?? names[0]} in it: choose another folder${stays === undefined ? ', or overwrite it' : ''}`,
  );
}

/** Flushes the content of a file to disk, or the names in a folder, which can be opened only with `r`. */
export function flushFile(path: string, flags: 'r' | 'r+' = 'r+'): void {
  const descriptor = fs.openSync(path, flags);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Creates a folder and its parents, unless it exists.
 *
 * @throws {TensorFlowError} when it can't be created: no permission, a file in the way, a name that is too long
 */
export function makeFolder(folder: string): void {
  checkPath('a folder', folder);
  try {
    makeFolders(folder);
  } catch (error) {
    throw fileError(`could not make the folder '${folder}'`, error);
  }
}

/**
 * Creates a new folder, and its parents.
 *
 * @throws {AlreadyExistsError} when there is something at this path
 * @throws {TensorFlowError} when it can't be created
 */
export function makeNewFolder(folder: string): void {
  makeFolder(dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new AlreadyExistsError(`could not make the folder '${folder}': it is there already`);
    throw fileError(`could not make the folder '${folder}'`, error);
  }
}

/**
 * Node's own `recursive` never returns if an existing folder reports that it doesn't exist when something is created in
 * it, as `/proc` does.
 */
function makeFolders(folder: string): void {
  if (madeOrThere(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder && !isFolder(parent)) makeFolders(parent);
  if (!madeOrThere(folder)) fs.mkdirSync(folder); // which throws the reason
}

/** False if the parent folder is missing. */
function madeOrThere(folder: string): boolean {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    // A drive, or a read-only file system, may report something other than EEXIST for an existing folder.
    if (isFolder(folder)) return true;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * The file status of `path`; undefined if it doesn't exist, or can't exist.
 *
 * @throws {TensorFlowError} when it can't be determined: no permission, a link to itself
 */
export function lookFor(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOTDIR', 'ENAMETOOLONG'].includes(code)) return undefined;
    throw fileError(`could not look for '${path}'`, error);
  }
}

/** Removes leftovers of processes that were killed while replacing a file. Nobody may be replacing it now. */
export function clearReplacements(path: string): void {
  const begin = `${basename(path)}.`;
  for (const name of fs.readdirSync(dirname(path))) {
    if (name.startsWith(begin) && /^\d+-[0-9a-f]{8}\.tmp$/.test(name.slice(begin.length)))
      fs.rmSync(join(dirname(path), name), { force: true });
  }
}

/** Removes something after a failure that will be reported; a failure to remove it is ignored. */
export function removeQuietly(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // for example because the folder is a file
  }
}

function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

const classes: Record<string, new (message: string) => TensorFlowError> = {
  ENOENT: NotFoundError,
  EACCES: PermissionDeniedError,
  EPERM: PermissionDeniedError,
  EROFS: PermissionDeniedError,
  ENOSPC: ResourceExhaustedError,
  EDQUOT: ResourceExhaustedError,
  EMFILE: ResourceExhaustedError,
  ENFILE: ResourceExhaustedError,
  ENOMEM: ResourceExhaustedError,
  EIO: DataLossError,
  ENAMETOOLONG: InvalidArgumentError,
  ELOOP: InvalidArgumentError,
  ENOTDIR: FailedPreconditionError,
  EISDIR: FailedPreconditionError,
  EEXIST: FailedPreconditionError,
};

/** The error for a failed file operation, with the reason. Errors of this library are returned unchanged. */
export function fileError(what: string, error: unknown): TensorFlowError {
  if (error instanceof TensorFlowError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new (classes[code] ?? UnknownError)(`${what}: ${message}`);
}
