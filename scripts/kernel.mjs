/** `npm run kernel -- install`: makes the TypeScript kernel known to a Jupyter or VS Code on this machine; `-- --help` says how. */
import { existsSync } from 'node:fs';
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';
import { inRoot } from './setup/paths.mjs';

const program = 'lib/dist/cli/main.js';
const args = process.argv.slice(2);

const isReady = args[0] === 'install' || !existsSync(inRoot(program)) ? await setUpForRunning() : true;
if (isReady) {
  process.chdir(process.env.INIT_CWD ?? '.'); // npm starts scripts in the repository; this is where its user is
  become(program, ['kernel', ...args]);
}
