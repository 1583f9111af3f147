/** `npm run bench`: installs what is missing, then runs the benchmarks and prints one JSON object. */
import { become } from './become.mjs';
import { setUpForRunning } from './setup/index.mjs';

if (await setUpForRunning()) become('tests/bench/bench.mjs', process.argv.slice(2));
