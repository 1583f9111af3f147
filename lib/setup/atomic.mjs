/**
 * Atomic creation of files and folders. Everything is created under a temporary name next to its place and then
 * renamed, so that an interrupted set-up, or two at once, never leave anything incomplete under its final name.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

const machine = hostname().replaceAll(/[^\w-]/g, '-');
const temporary = /\.(?<machine>[\w-]+)\.(?<process>\d+)\.[0-9a-f]+\.tmp$/;

/**
 * A unique temporary name next to `target`. It contains the process id, so that `sweep` recognizes what dead processes
 * left.
 */
export function temporaryName(target) {
  return `${target}.${machine}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Writes a file atomically: readers see the old or the new one. */
export function writeFileAtomic(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const made = temporaryName(file);
  const descriptor = openSync(made, 'wx');
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(made, file);
}

/** Makes `link` point to `target`, replacing an existing link or file. */
export function linkAtomic(target, link) {
  mkdirSync(path.dirname(link), { recursive: true });
  const made = temporaryName(link);
  symlinkSync(target, made);
  try {
    renameSync(made, link);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
}

/** Runs `work` with an empty folder next to `target`; the folder is removed afterwards unless `work` renamed it. */
export async function withTemporaryFolder(target, work) {
  const folder = temporaryName(target);
  mkdirSync(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes a file or folder: renames it first, so that it disappears at once. */
export function remove(target) {
  const aside = temporaryName(target);
  try {
    renameSync(target, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** Removes the temporary files in `folder` of this machine's dead processes. */
export function sweep(folder, isAlive = processIsAlive) {
  let names = [];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  for (const name of names) {
    const owner = temporary.exec(name)?.groups;
    if (owner?.machine === machine && !isAlive(Number(owner.process))) {
      rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/**
 * Whether a process of this machine is running, or a process group (a negative id), even if it belongs to another user.
 */
export function processIsAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
