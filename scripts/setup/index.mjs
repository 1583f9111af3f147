/** The set-up: a list of steps, each of which knows whether it is needed and can be interrupted and repeated. */
import { existsSync } from 'node:fs';
import { sweep } from '../../lib/setup/atomic.mjs';
import { Interrupted, interruptibly, SetupError, throwIfInterrupted } from '../../lib/setup/command.mjs';
import { withLock } from '../../lib/setup/lock.mjs';
import { say } from '../../lib/setup/progress.mjs';
import { build } from './build.mjs';
import { compilerSnapshot } from './compilerSnapshot.mjs';
import { kernelSpec } from './kernelSpec.mjs';
import { libtensorflow } from './libtensorflow.mjs';
import { packages } from './packages.mjs';
import { inRoot, root } from './paths.mjs';
import { python } from './python.mjs';
import { tfjsAddon } from './tfjsAddon.mjs';
import { trust } from './trust.mjs';

/** The steps needed to run the library, in order of dependency. */
const forRunning = [packages, libtensorflow, tfjsAddon, build];
/** Notebooks and tests also need JupyterLab with the kernel, and TensorBoard. */
const everything = [...forRunning, python, kernelSpec, compilerSnapshot, trust];

/**
 * Runs the steps needed for the library. Returns false, with the exit code set, after reporting what is missing and
 * what to do.
 */
export const setUpForRunning = () => setUp(forRunning);

/** Runs all steps, including those for notebooks and tests. */
export const setUpEverything = (options) => setUp(everything, options);

/**
 * Builds the library and the kernel, even if they are up to date, and updates the kernel spec, which contains copies.
 * If packages have changed, as after a `git pull`, they are installed first.
 */
export function rebuild() {
  const always = { ...build, needed: () => build.needed() ?? 'asked for' };
  const before = packages.needed() ? forRunning.filter((step) => step !== build) : [];
  return setUp([...before, always, ...(existsSync(inRoot('.venv')) ? [kernelSpec, compilerSnapshot] : [])]);
}

async function setUp(steps, options = {}) {
  try {
    checkNode();
    if (steps.every((step) => !step.needed(options))) return true;
    const since = Date.now();
    await interruptibly(() => withLock(inRoot('.cache', 'setup.lock'), () => runAll(steps, options)));
    say(`ready after ${Math.round((Date.now() - since) / 1000)} s`);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) say(error.message);
    else say(`failed at ${error instanceof SetupError ? error.message : error.stack}`);
    process.exitCode = error.exitCode ?? 1;
    return false;
  }
}

async function runAll(steps, options) {
  sweep(root);
  sweep(inRoot('.cache'));
  for (const step of steps) {
    throwIfInterrupted();
    const reason = step.needed(options);
    if (!reason) continue;
    say(`${step.name} (${reason})`);
    await step.run(options).catch((error) => {
      if (error instanceof SetupError) error.message = `${step.name}: ${error.message}`;
      throw error;
    });
  }
}

function checkNode() {
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) throw new SetupError(`Node 20 or later is needed; this is ${process.version}`);
}
