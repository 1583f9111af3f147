/** A first start of the compiled library. */
import { spawnSync } from 'node:child_process';
import { inRoot } from '../paths.mjs';

/** A program that has trained for a step leaves what V8 has compiled to all that start later; where it can't, they do without. */
export function warmUp() {
  spawnSync(process.execPath, [inRoot('scripts', 'setup', 'library', 'firstStep.cjs')], {
    stdio: 'ignore',
    timeout: 60_000,
  });
}
