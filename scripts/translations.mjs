/**
 * `npm run translations`: applies changes in the notebooks to their translations, and lists the cells that need
 * translation. `npm run translations -- 01-mechanics-101 cell-05 …` marks cells as translated.
 */
import path from 'node:path';
import { commandLine } from './commandLine.mjs';
import { notebooks } from './setup/notebooks.mjs';
import { carryOver } from './translations/files.mjs';

const [notebook, ...ids] = commandLine(import.meta.url, { allowPositionals: true }).positionals;

const names = notebooks().map((file) => path.basename(file, '.ipynb'));
if (notebook !== undefined && !(names.includes(notebook) && ids.length > 0))
  fail(`npm run translations -- <notebook> <cell> …, where a notebook is one of ${names.join(', ')}`);

try {
  const lines = carryOver(notebook && { [notebook]: ids });
  console.log(lines.length > 0 ? lines.join('\n') : 'Every cell is translated.');
} catch (error) {
  if (ids.length === 0) throw error;
  fail(`${notebook}: ${error.message}`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
