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

/** What is read at most of a file that doesn't tell its size: a pipe, or a device such as `/dev/zero`, which never ends. */
const MOST_UNTOLD = 64 * 2 ** 20;

/**
 * The bytes of the file at `path`.
 *
 * @throws {NotFoundError} when there is none; another TensorFlowError when it can't be read
 * @throws {InvalidArgumentError} when it is a pipe or a device that gives more than 64 MiB
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

/** What a file may have at most that is read as a configuration or a record, in bytes. */
const MOST_RECORDED = 256 * 2 ** 20;

/**
 * The text of a file that says something in words, such as a configuration.
 *
 * @param most what it may have at most, in bytes
 * @throws {NotFoundError} when there is none; another TensorFlowError when it can't be read
 * @throws {InvalidArgumentError} when it is no regular file, or larger
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

/** The bytes of the file at `path`, or undefined when there is none. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readWhole(path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Writes `bytes` to `path`, whole or as they come, making its folder when it is missing. They are written beside it and then take its place in one
 * step, so whoever reads, and whatever is interrupted, finds the old file or the new one.
 *
 * @throws {TensorFlowError} when it can't be written; what was at `path` is as it was
 */
export async function replaceFile(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  checkPath('the name of a file', path);
  const temporary = temporaryName(path);
  try {
    makeFolder(dirname(path));
    // Flushed first: after a power failure a name may not point to bytes that never reached the disk.
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(`could not write ${path}`, error);
  }
}

/**
 * Does what {@link replaceFile} does before it returns, in a folder that is there.
 *
 * @throws {TensorFlowError} when it can't be written; what was at `path` is as it was
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
 * Writes a folder, whole or not at all: its files come into a folder beside it, which then takes its place.
 *
 * @param write puts the files into the folder that it is given
 * @param isReplaceable tells by its name whether something that is in the folder already may ever go
 * @param overwrites whether that goes now
 * @throws {AlreadyExistsError} when there is something at this path that may not go
 * @throws {TensorFlowError} when it can't be written; what was at `folder` is as it was
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
    check(); // somebody else may have written meanwhile
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

/** Has the bytes of a file written to the disk, or the names in a folder, which can be opened as `r` only. */
export function flushFile(path: string, flags: 'r' | 'r+' = 'r+'): void {
  const descriptor = fs.openSync(path, flags);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Makes a folder, and those around it, unless it is there.
 *
 * @throws {TensorFlowError} when it can't be made: no permission, a file in the way, a name that is too long
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
 * Makes a folder that is nobody else's, and those around it.
 *
 * @throws {AlreadyExistsError} when there is something at this path
 * @throws {TensorFlowError} when it can't be made
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

/** Node's own `recursive` never returns where a folder that is there says of what is to be made in it that it isn't, as `/proc` does. */
function makeFolders(folder: string): void {
  if (madeOrThere(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder && !isFolder(parent)) makeFolders(parent);
  if (!madeOrThere(folder)) fs.mkdirSync(folder); // which says why not
}

/** False where the folder that it is to be in is missing. */
function madeOrThere(folder: string): boolean {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    // A drive, or a file system that can't be written to, may say something else than EEXIST of a folder that is there.
    if (isFolder(folder)) return true;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * What the system says of the file at `path`; undefined where there is none, or can't be.
 *
 * @throws {TensorFlowError} when it can't be looked for: no permission, a link to itself
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

/** Removes what processes that were killed while they replaced a file have left beside it. Nobody may be replacing it now. */
export function clearReplacements(path: string): void {
  const begin = `${basename(path)}.`;
  for (const name of fs.readdirSync(dirname(path))) {
    if (name.startsWith(begin) && /^\d+-[0-9a-f]{8}\.tmp$/.test(name.slice(begin.length)))
      fs.rmSync(join(dirname(path), name), { force: true });
  }
}

/** Removes what may be there, after a failure that is to be told: that this fails too is no news. */
export function removeQuietly(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // for example since the folder is a file
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

/** The error that tells what could not be done with a file, and why; one of ours is already such an error. */
export function fileError(what: string, error: unknown): TensorFlowError {
  if (error instanceof TensorFlowError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new (classes[code] ?? UnknownError)(`${what}: ${message}`);
}
