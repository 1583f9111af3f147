/** `npm run setup`: makes everything ready, for notebooks and tests too; `-- --retry` also builds tfjs-node's addon again. */
import { setUpEverything } from './setup/index.mjs';

const [option, ...others] = process.argv.slice(2);
if (others.length || (option && option !== '--retry')) {
  console.error(`npm run setup takes one option, --retry: not ${process.argv.slice(2).join(' ')}`);
  process.exit(2);
}
await setUpEverything({ retry: option === '--retry' });
