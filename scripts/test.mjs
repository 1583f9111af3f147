/**
 * `npm test`: sets up what is missing, then lint, types and all tests; each check counts as one.
 * `npm test -- lib/src/tf/graph -t 'unique names'`: these tests only; the arguments are vitest's.
 */
import { CommandError, Interrupted, interruptibly, run } from '../lib/setup/command.mjs';
import { setUpEverything } from './setup/index.mjs';
import { inRoot, root } from './setup/paths.mjs';
import { countTests, passedOnlyAgain, summary } from './testCounts.mjs';

/**
 * Hundreds of processes, servers and pages are tried beside each other, and a busy machine may keep one of them waiting for longer than a test
 * does. So what fails in a run of all tests is run a second time by itself, and named, where so few files fail that this can be the reason.
 */
const MOST_TRIED_AGAIN = 3;

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
  const { parseCLI } = await import('vitest/node');
  const { filter, options } = parseCLI(['vitest', 'run', ...chosen]); // prints the help where it is asked for
  if (options.help) process.exit(0);
  let { modules, errors, hasFailed } = await vitestRun(filter, options);
  const failing = modules.filter((module) => module.state() === 'failed');
  if (chosen.length === 0 && failing.length > 0 && failing.length <= MOST_TRIED_AGAIN) {
    console.log('\nOnce more, with nothing beside it, what failed:');
    const again = await vitestRun(
      failing.map(({ moduleId }) => moduleId),
      { ...options, maxWorkers: 1 },
    );
    const last = (module) => again.modules.find(({ moduleId }) => moduleId === module.moduleId) ?? module;
    for (const name of passedOnlyAgain(failing, failing.map(last)))
      console.log(`passed only when it was run again: ${name}`);
    modules = modules.map((module) => (failing.includes(module) ? last(module) : module));
    errors = [...errors, ...again.errors];
    hasFailed = again.hasFailed || errors.length > 0;
  }
  const { passed, failed, skipped } = countTests(modules, errors);
  counts.passed += passed;
  // Nothing to run, an option that makes no sense …: what vitest itself calls a failure is one.
  counts.failed += failed || (hasFailed ? 1 : 0);
  counts.skipped += skipped;
}

/** Runs tests; `hasFailed` is what vitest itself says of them. */
async function vitestRun(filter, options) {
  const { startVitest } = await import('vitest/node');
  process.exitCode = undefined;
  const vitest = await startVitest('test', filter, options);
  const { state } = vitest;
  return { modules: state.getTestModules(), errors: state.getUnhandledErrors(), hasFailed: Boolean(process.exitCode) };
}
