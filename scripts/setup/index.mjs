/** The set-up: steps that know whether they are needed, each doing its work so that it can be interrupted and run again. */
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

/** What running the library takes, in the order in which one step needs another. */
const forRunning = [packages, libtensorflow, tfjsAddon, build];
/** The notebooks, and the tests, also take JupyterLab with the kernel, and TensorBoard. */
const everything = [...forRunning, python, kernelSpec, compilerSnapshot, trust];

/** Makes ready what running the library takes. False, with the exit code set, where it said what is missing and what to do. */
export const setUpForRunning = () => setUp(forRunning);

/** Makes ready what the notebooks and the tests take, too. */
export const setUpEverything = (options) => setUp(everything, options);

/**
 * Builds the library and the kernel, be it needed or not; the kernel spec has a copy of a part of it. Where packages have changed since,
 * as after a `git pull`, they are installed first, with what is made in them.
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
