/** `npm run main -- train --max-iter 2000 …`: sets up what is missing, then runs the command line; `-- --help` lists what it can do. */
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';

// The command line says what to type next by how it was started.
process.env.TF_MECHANICS_PROGRAM = process.argv[1];
if (await setUpForRunning()) become('lib/dist/cli/main.js', process.argv.slice(2));
