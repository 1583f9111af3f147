/**
 * `npm run setup`: makes everything ready, for notebooks and tests too; `-- --retry` also builds tfjs-node's addon again, and
 * `-- --from <folder, wheel or archive>` takes libtensorflow from there.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setUpEverything } from './setup/index.mjs';

const options = parse(process.argv.slice(2));
if (options) await setUpEverything(options);

function parse(args) {
  try {
    const { retry, from } = parseArgs({
      args,
      options: { retry: { type: 'boolean' }, from: { type: 'string' } },
    }).values;
    // npm starts scripts in the repository; INIT_CWD is where its user is.
    return { retry, from: from && path.resolve(process.env.INIT_CWD ?? '', from) };
  } catch (error) {
    console.error(`npm run setup takes --retry and --from <folder, wheel or archive>: ${error.message.split('. ')[0]}`);
    process.exitCode = 2;
  }
}
