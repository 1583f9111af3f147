import { setTimeout } from 'node:timers/promises';
import { isAlive } from '../../shared/folderLock.cjs';

/** Waits until processes have ended, for at most two seconds, since a process id may have been reused. */
export async function waitForEnd(pids: readonly number[]): Promise<void> {
  for (const deadline = Date.now() + 2000; pids.some((pid) => isAlive(pid)) && Date.now() < deadline; )
    await setTimeout(50);
}
