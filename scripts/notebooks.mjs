/**
 * `npm run notebooks [-- notebooks/01-….ipynb …]`: executes notebooks from top to bottom and saves their outputs, as
 * they are committed; without arguments, all numbered notebooks and their translations. A notebook that fails isn't
 * changed. Changes in the originals are first applied to the translations, and the cells that need translation are
 * listed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from '../lib/setup/atomic.mjs';
import { CommandError, interruptibly, run } from '../lib/setup/command.mjs';
import { commandLine } from './commandLine.mjs';
import { setUpEverything } from './setup/index.mjs';
import { jupyterEnvironment, program } from './setup/jupyter.mjs';
import { notebooks, translations } from './setup/notebooks.mjs';
import { inRoot } from './setup/paths.mjs';
import { carryOver } from './translations/files.mjs';

const { positionals: named } = commandLine(import.meta.url, {
  allowPositionals: true,
  check(parsed) {
    const missing = parsed.positionals.find((file) => !file.endsWith('.ipynb') || !existsSync(file));
    if (missing !== undefined) throw new Error(`there is no notebook '${missing}'`);
    return parsed;
  },
});

if (await setUpEverything()) {
  for (const line of carryOver()) console.error(line);
  for (const file of named.length > 0 ? named.map((file) => path.resolve(file)) : [...notebooks(), ...translations()])
    await execute(file);
}

async function execute(file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'notebook-'));
  try {
    const options = ['--to', 'notebook', '--execute', '--ExecutePreprocessor.record_timing=False'];
    await interruptibly(() =>
      run(program('jupyter'), ['nbconvert', ...options, '--output-dir', folder, file], {
        label: path.relative(inRoot('notebooks'), file),
        env: jupyterEnvironment(),
      }),
    );
    writeFileAtomic(file, readFileSync(path.join(folder, path.basename(file)), 'utf8'));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.output.trim());
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
