/**
 * Builds the compiler snapshot of the kernel, with Node's and the library's types. Without it, the kernel works too and
 * builds it later.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CommandError, run } from '../../lib/setup/command.mjs';
import { note } from '../../lib/setup/progress.mjs';
import { inRoot } from './paths.mjs';

const require = createRequire(import.meta.url);

/** The snapshot's path; undefined before the kernel is built, or if snapshots are disabled. */
function snapshotFile() {
  const script = inRoot('kernel', 'dist', 'snapshot', 'snapshot.js');
  return existsSync(script) ? require(script).snapshotFile(notebooks) : undefined;
}

const notebooks = inRoot('notebooks');

export const compilerSnapshot = {
  name: "the kernel's compiler",

  needed() {
    const file = snapshotFile();
    if (file !== undefined && !existsSync(file)) return 'to read its types before';
  },

  async run() {
    try {
      await run(process.execPath, [inRoot('kernel', 'dist', 'snapshot', 'make.js'), notebooks]);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      note('not made: a first cell takes a second longer');
    }
  },
};
