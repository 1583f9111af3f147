import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import type {} from './runFolder';

/**
 * A folder that takes its time to be filled, and that several files of tests use: the one that needs it first fills it, in whatever process, and
 * it stays until all tests have run. Nobody changes what is in it.
 */
export async function madeOnce(name: string, fill: (folder: string) => void | Promise<void>): Promise<string> {
  const folder = path.join(inject('runFolder'), name);
  const beingFilled = `${folder}-being-filled`;
  while (!existsSync(folder)) {
    if (!isMine(beingFilled)) {
      await sleep(50);
      continue;
    }
    try {
      if (existsSync(folder))
        rmSync(beingFilled, { recursive: true }); // another was ready in this moment
      else {
        await fill(beingFilled);
        renameSync(beingFilled, folder);
      }
    } catch (error) {
      rmSync(beingFilled, { recursive: true, force: true });
      throw error;
    }
  }
  return folder;
}

/** Makes the folder, unless somebody else has. */
function isMine(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
