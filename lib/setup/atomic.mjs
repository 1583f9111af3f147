/**
 * Files that are either whole or not there. What is made gets a temporary name beside its place and takes the place by a
 * rename, so an interrupted set-up, or two at once, never leave anything half-made under a name that is trusted.
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

/** A name beside `target` that nobody else has. It tells whose it is, so that `sweep` knows what a dead process left. */
export function temporaryName(target) {
  return `${target}.${machine}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Writes a whole file; readers see the old one or the new one. */
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

/** Makes `link` point to `target`, replacing the link or file that may be there. */
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

/** Runs `work` with an empty folder of its own beside `target`, which is gone afterwards unless `work` renamed it. */
export async function withTemporaryFolder(target, work) {
  const folder = temporaryName(target);
  mkdirSync(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes a file or folder away: out of its place at once, then off the disk. */
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

/** Removes from `folder` the temporary files of this machine's processes that live no more. */
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

/** Whether a process of this machine runs, or one of a group (a negative id), be it ours to signal or not. */
export function processIsAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
