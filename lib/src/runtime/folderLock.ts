/** A lock that lets only one training or search work in a folder. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beat, HEARTBEAT, type Holder, holderOf, release, SILENCE, take } from '../../shared/folderLock.cjs';
import { FailedPreconditionError } from './errors';
import { fileError } from './files';

export { SILENCE };

/** A folder is in use. The error is temporary, so nothing should be concluded about the caller. */
export class FolderInUseError extends FailedPreconditionError {
  /**
   * Whether a process of another machine or container holds it, of which this process can't tell whether it is still
   * running.
   */
  isElsewhere = false;
}

/**
 * Locks a folder for this process, until the returned function is called or the process ends.
 *
 * @param what the work, for the error of others who are refused meanwhile: `a training`
 * @throws {FolderInUseError} when another process, or other work of this one, holds it
 * @throws {NotFoundError} when there is no such folder
 * @throws {PermissionDeniedError} when the folder isn't writable
 */
export async function lockFolder(folder: string, what: string): Promise<() => void> {
  const lock = lockOf(folder);
  try {
    let { name, holder } = take(lock, ({ state }) => state === 'ended');
    if (holder?.state === 'elsewhere' && holder.silence > SILENCE) {
      // According to the clock, it has expired. But clocks can be adjusted, so this waits for a heartbeat.
      const { name: silent, time } = holder;
      await sleep(2.5 * HEARTBEAT);
      ({ name, holder } = take(lock, (now) => now.state === 'ended' || (now.name === silent && now.time === time)));
    }
    if (name === undefined) throw inUse(folder, holder!);
    const own = name;
    beat(lock, own, what);
    const timer = setInterval(() => beat(lock, own, what), HEARTBEAT).unref();
    return () => {
      clearInterval(timer);
      release(lock, own);
    };
  } catch (error) {
    throw fileError(`could not take ${folder} for ${what}`, error);
  }
}

/** How long others may hold a brief lock, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Takes a lock that is only held briefly; blocks this thread until it is available.
 *
 * @param lock its path, in an existing folder
 * @returns a function that releases it
 * @throws {FolderInUseError} when another process doesn't release it
 * @throws {TensorFlowError} when it can't be created
 */
export function lockBriefly(lock: string): () => void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  try {
    for (const deadline = performance.now() + PATIENCE; ; Atomics.wait(sleeper, 0, 0, 2 + 3 * Math.random())) {
      const { name, holder } = take(lock);
      if (name !== undefined) return () => release(lock, name);
      if (performance.now() > deadline) throw inUse(path.dirname(lock), holder, lock);
    }
  } catch (error) {
    throw fileError(`could not take ${lock}`, error);
  }
}

/**
 * Refuses a folder that other processes than the given ones use.
 *
 * @throws {FolderInUseError} when it is in use
 */
export function checkFolderIsFree(folder: string, except: readonly number[]): void {
  const holder = holderOf(lockOf(folder));
  if (holder?.state === 'lives' && !except.includes(holder.pid)) throw inUse(folder, holder);
}

function lockOf(folder: string): string {
  return path.join(folder, 'lock');
}

function inUse(folder: string, { state, content, pid, host }: Holder, lock = lockOf(folder)): FolderInUseError {
  if (state === 'unknown') return new FolderInUseError(`${folder} can't be taken: ${lock} is in the way`);
  const who =
    state === 'elsewhere' ? `process ${pid} of ${host}` : pid === process.pid ? 'this process' : `process ${pid}`;
  const error = new FolderInUseError(
    `${folder} is in use by ${content || 'another program'}, in ${who}; if that is not so, remove ${lock}`,
  );
  error.isElsewhere = state === 'elsewhere';
  return error;
}
