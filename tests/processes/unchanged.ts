/** Fails a file of tests that leaves behind what the next one in its thread or process could stumble over. */
import { afterAll, vi } from 'vitest';

/** What libtensorflow is told when it is loaded, which stays. */
const OF_THE_LIBRARY = ['TF_CPP_MIN_LOG_LEVEL', 'TF_OVERRIDE_GLOBAL_THREADPOOL', 'TF_ENABLE_ONEDNN_OPTS'];
const NOTEBOOK = Symbol.for('tf-mechanics.notebookHost');

const before = state();

afterAll(() => {
  const after = state();
  const left = Object.keys({ ...before, ...after }).filter((what) => before[what] !== after[what]);
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  if (before.cwd !== after.cwd) process.chdir(before.cwd as string);
  if (left.length > 0)
    throw new Error(`left changed: ${left.join(', ')}; undo it, or say above: // In a process of its own: <why>`);
});

/** What of the process a test can change, by name. */
function state(): Record<string, unknown> {
  const environment = Object.entries(process.env).filter(([name]) => !OF_THE_LIBRARY.includes(name));
  // Packages keep for good, under names like `__zod_globalRegistry`, what they make when they are loaded.
  const globals = Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('_'));
  const signals = process.eventNames().filter((name) => name !== 'exit');
  return {
    cwd: process.cwd(),
    exitCode: process.exitCode,
    'fake timers': vi.isFakeTimers(),
    notebook: Reflect.get(globalThis, NOTEBOOK),
    ...Object.fromEntries(globals.map((name) => [`globalThis.${name}`, true])),
    ...Object.fromEntries(environment.map(([name, value]) => [`process.env.${name}`, value])),
    ...Object.fromEntries(signals.map((name) => [`listeners of ${String(name)}`, process.listenerCount(name)])),
  };
}
