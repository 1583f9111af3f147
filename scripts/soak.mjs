/**
 * `npm run soak`: runs the tests of rare failures (races, exits, crashes), each repeated far more often than in
 * `npm test`. `npm run soak -- lib/src/tf/train` runs those of a folder; the arguments are vitest's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { explain } from './commandLine.mjs';
import { setUpEverything } from './setup/index.mjs';
import { inRoot, root } from './setup/paths.mjs';

const given = process.argv.slice(2);
if (given.includes('--help')) explain(import.meta.url);
const [folder, options] = given[0]?.startsWith('-') ? ['.', given] : [given[0] ?? '.', given.slice(1)];
if (!(await setUpEverything())) process.exit();
process.env.TF_MECHANICS_SOAK = '1';
const { parseCLI, startVitest } = await import('vitest/node');
const files = ['lib/src', 'kernel/src', 'tests']
  .flatMap((part) => readdirSync(inRoot(part), { recursive: true }).map((file) => path.join(part, file)))
  .filter((file) => file.endsWith('.test.ts') && !path.relative(folder, file).startsWith('..'))
  .filter((file) => readFileSync(inRoot(file), 'utf8').includes('repetitions('));
if (files.length === 0) {
  console.log(`no test in ${path.resolve(root, folder)} repeats anything`);
  process.exit(1);
}
const { filter, options: parsed } = parseCLI(['vitest', 'run', ...files, '--testTimeout=1800000', ...options]);
await startVitest('test', filter, parsed);
