/** `npm run main -- train --max-iter 2000 …`: sets up what is missing, then runs the command line; `-- --help` lists what it can do. */
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';

if (await setUpForRunning()) become('lib/dist/cli/main.js', process.argv.slice(2));
