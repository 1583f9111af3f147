import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startedAs } from './started';

const home = process.cwd();
const { argv, execArgv } = process;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'started-'));
  process.chdir(folder);
  for (const name of ['main.js', 'start.mjs']) writeFileSync(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  Object.assign(process, { argv, execArgv });
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** What one types for `train --lr 1` where this is how the program was started. */
function started({ file = 'main.js', script = '', event = '', flags = [] as string[], program = '', PATH = '/bin' }) {
  for (const [name, value] of Object.entries({
    npm_lifecycle_event: event || undefined,
    npm_lifecycle_script: script || undefined,
    TF_MECHANICS_PROGRAM: program || undefined,
    PATH,
  }))
    vi.stubEnv(name, value);
  Object.assign(process, { argv: [process.execPath, path.resolve(file)], execArgv: flags });
  return startedAs(['train', '--config', 'my file']);
}

it.each([
  [{}, "node main.js train --config 'my file'"],
  [{ flags: ['--import', 'tsx', '--inspect'] }, "node --import tsx main.js train --config 'my file'"],
  [
    { flags: ['--require', '/x/node_modules/tsx/dist/preflight.cjs', '--import', '/x/loader.mjs'] },
    "npx tsx main.js train --config 'my file'",
  ],
  [{ event: 'main', script: 'npm run build && node ./main.js' }, "npm run main -- train --config 'my file'"],
  [{ event: 'fit', script: 'node main.js train' }, "npm run fit -- --config 'my file'"],
  [{ event: 'find', script: 'node main.js search' }, "node main.js train --config 'my file'"],
  [{ event: 'test', script: 'vitest run' }, "node main.js train --config 'my file'"],
  [{ event: 'main', script: 'node start.mjs', program: 'start.mjs' }, "npm run main -- train --config 'my file'"],
  [{ file: 'node_modules/.bin/lines' }, "npx lines train --config 'my file'"],
  [{ file: 'node_modules/.bin/lines', event: 'go', script: 'lines' }, "npm run go -- train --config 'my file'"],
  [{ file: '/usr/local/bin/lines', PATH: '/bin:/usr/local/bin' }, "lines train --config 'my file'"],
  [{ file: '/elsewhere/main.js' }, "node /elsewhere/main.js train --config 'my file'"],
])('a program is started again as it was: %j', (how, command) => {
  expect(started(how)).toBe(command);
});
