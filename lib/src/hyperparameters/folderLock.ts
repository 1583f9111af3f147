/** That one process only works in a folder. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FailedPreconditionError } from '../runtime/errors';
import { fileError } from '../runtime/files';

/** The locks that this process holds. */
const held = new Set<string>();

/**
 * Takes a folder for this process, until the function that is returned is called or the process ends, whichever way.
 *
 * @throws {FailedPreconditionError} when another process, or another search of this one, has it
 */
export function lockFolder(folder: string): () => void {
  const file = path.resolve(folder, 'search.pid');
  try {
    if (!create(file)) {
      const owner = Number(fs.readFileSync(file, 'utf8'));
      const alive = owner === process.pid ? held.has(file) : owner > 0 && isAlive(owner); // 0: killed before it had written
      if (alive)
        throw new FailedPreconditionError(
          `a search is running in ${folder}, in process ${owner}; if that is something else, remove ${file}`,
        );
      fs.rmSync(file, { force: true }); // left by a process that was killed
      if (!create(file)) return lockFolder(folder);
    }
  } catch (error) {
    throw fileError(`could not take ${folder}`, error);
  }
  held.add(file);
  return () => {
    held.delete(file);
    fs.rmSync(file, { force: true });
  };
}

/** Waits until processes have ended, at most two seconds: a number may belong to another process by now. */
export async function waitForEnd(pids: readonly number[]): Promise<void> {
  for (const deadline = Date.now() + 2000; pids.some(isAlive) && Date.now() < deadline; ) await setTimeout(50);
}

function create(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
  return !isZombie(pid);
}

/** Whether a process has ended, and only waits for whoever inherited it to notice, which can take seconds in a container. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // no Linux
  }
}
