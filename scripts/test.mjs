/**
 * `npm test`: sets up what is missing, then lint, types and all tests; each check counts as one.
 * `npm test -- lib/src/tf/graph -t 'unique names'`: these tests only; the arguments are vitest's.
 */
import { CommandError, Interrupted, interruptibly, run } from '../lib/setup/command.mjs';
import { setUpEverything } from './setup/index.mjs';
import { inRoot, root } from './setup/paths.mjs';
import { countTests, summary } from './testCounts.mjs';

const chosen = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };

if (!(await setUpEverything())) {
  counts.failed++;
} else {
  if (chosen.length === 0) {
    await check('lint', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
    await check('types', 'typescript/bin/tsc', '-p', 'tsconfig.json');
    for (const page of ['lib/src/notebook/page', 'lib/src/models/pad/page'])
      await check("the page's types", 'typescript/bin/tsc', '-p', page);
  }
  await test();
}
console.log(`\n${summary(counts)}`);
process.exit(counts.failed ? process.exitCode || 1 : 0);

/** Runs a tool over the whole repository, which passes where the tool has nothing to object to. */
async function check(name, tool, ...args) {
  try {
    await interruptibly(() =>
      run(process.execPath, [inRoot('node_modules', tool), ...args], { visible: true, cwd: root }),
    );
    counts.passed++;
  } catch (error) {
    if (error instanceof Interrupted) process.exit(error.exitCode);
    if (!(error instanceof CommandError)) throw error;
    console.log(`${name} failed: see the messages above\n`);
    counts.failed++;
  }
}

async function test() {
  const { parseCLI, startVitest } = await import('vitest/node');
  const { filter, options } = parseCLI(['vitest', 'run', ...chosen]); // prints the help where it is asked for
  if (options.help) process.exit(0);
  const vitest = await startVitest('test', filter, options);
  const { passed, failed, skipped } = countTests(vitest.state.getTestModules(), vitest.state.getUnhandledErrors());
  counts.passed += passed;
  // Nothing to run, an option that makes no sense …: what vitest itself calls a failure is one.
  counts.failed += failed || (process.exitCode ? 1 : 0);
  counts.skipped += skipped;
}
