/**
 * `npm run kernel -- install`: registers the TypeScript kernel with a Jupyter or VS Code on this machine; `-- --help`
 * explains how.
 */
import { existsSync } from 'node:fs';
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';
import { inRoot } from './setup/paths.mjs';

const program = 'lib/dist/cli/main.js';
const args = process.argv.slice(2);

const isReady = args[0] === 'install' || !existsSync(inRoot(program)) ? await setUpForRunning() : true;
if (isReady) {
  process.chdir(process.env.INIT_CWD ?? '.'); // npm runs scripts in the repository; INIT_CWD is the user's folder
  become(program, ['kernel', ...args]);
}
