/**
 * `npm run main -- train --max-iter 2000 …`: installs what is missing, then runs the command line; `-- --help` lists
 * its commands.
 */
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';

// The command line's hints repeat how it was started.
process.env.TF_MECHANICS_PROGRAM = process.argv[1];
if (await setUpForRunning()) become('lib/dist/cli/main.js', process.argv.slice(2));
