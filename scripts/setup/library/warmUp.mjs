/** Starts the compiled library once. */
import { spawnSync } from 'node:child_process';
import { inRoot } from '../paths.mjs';

/**
 * Trains for a step in a child process, which leaves a code cache for all later starts; if it fails, they work without.
 */
export function warmUp() {
  spawnSync(process.execPath, [inRoot('scripts', 'setup', 'library', 'firstStep.cjs')], {
    stdio: 'ignore',
    timeout: 60_000,
  });
}
