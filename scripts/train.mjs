/** `npm run train -- --max-iter 2000 …`: sets up what is missing, then trains; `-- --help` lists the options. */
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';

if (await setUpForRunning()) become('lib/dist/cli/main.js', ['train', ...process.argv.slice(2)]);
