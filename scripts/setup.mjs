/**
 * `npm run setup`: installs everything, including what notebooks and tests need; `-- --retry` builds tfjs-node's addon
 * again, and `-- --from <folder, wheel or archive>` takes libtensorflow from there.
 */
import path from 'node:path';
import { commandLine } from './commandLine.mjs';
import { setUpEverything } from './setup/index.mjs';

const { retry, from } = commandLine(import.meta.url, {
  options: { retry: { type: 'boolean' }, from: { type: 'string' } },
}).values;
// npm runs scripts in the repository; INIT_CWD is the user's folder.
await setUpEverything({ retry, from: from && path.resolve(process.env.INIT_CWD ?? '', from) });
