/** Interruptible waiting. */
import { setTimeout } from 'node:timers/promises';
import { notebookHost, throwIfInterrupted } from './notebookHost';

/**
 * Resolves after a number of seconds.
 *
 * @throws {Error} when the notebook's cell is interrupted meanwhile: the interrupt
 */
export async function pause(seconds: number): Promise<void> {
  const signal = notebookHost()?.signal;
  try {
    await setTimeout(seconds * 1000, undefined, { signal });
  } catch (error) {
    throwIfInterrupted();
    throw error;
  }
}
