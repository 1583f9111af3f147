/**
 * Handles SIGINT at any moment of a kernel's life, with two listeners:
 *
 * - A listener on `process`, from the first line on. It needs the event loop, which a computing cell blocks.
 * - A thread that does nothing else (`signalThread.ts`), once it has started. Node delivers a SIGINT to the script that
 *   last started with `breakOnSigint`, in any thread: to the computing cell, which it breaks, otherwise to the thread's
 *   script.
 *
 * Between two scripts, Node stops listening for some microseconds, in which a SIGINT would end the process. So the
 * thread always listens, and cells bypass the code of `node:vm` that removes the listeners of `process` meanwhile.
 * Since Node breaks the script that started last, the thread never restarts its script while a cell's is running.
 */
import path from 'node:path';
import { Script } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { InterruptFlag } from './interruption';

/** How long, in milliseconds, a cell waits for the thread, which starts faster than TypeScript. */
const PATIENCE = 10_000;

/** `ContextifyScript.prototype.runInContext`, which `runInThisContext` calls internally. */
type RunInContext = (
  this: Script,
  context: null,
  timeout: number,
  displayErrors: boolean,
  breakOnSigint: boolean,
  breakOnFirstLine: boolean,
) => unknown;

const runInContext = (Object.getPrototypeOf(Script.prototype) as { runInContext?: RunInContext }).runInContext;

/** The flag shared with the signal thread, if there is one. */
let watched: InterruptFlag | undefined;

/**
 * Starts listening to SIGINT, permanently.
 *
 * @param onInterrupt called in this thread, when the event loop is free, after an interrupt was requested
 * @returns a function that starts the signal thread; more urgent work can come first, but cells wait for it
 */
export function listenToSignals(flag: InterruptFlag, onInterrupt: () => void): () => void {
  process.on('SIGINT', () => {
    flag.onSignal();
    onInterrupt();
  });
  if (!runInContext) return () => {}; // a different build of Node: the listener on `process` has to suffice
  watched = flag;
  return () => {
    const thread = new Worker(path.join(__dirname, 'signalThread.js'), { workerData: flag.flag.buffer });
    thread.on('message', onInterrupt);
    thread.on('error', (error) => process.stderr.write(`the kernel can't listen to signals: ${error.stack}\n`));
    thread.unref();
  };
}

/** What {@link callBreakable} calls. */
const CALLED = Symbol.for('tf-mechanics.kernel.called');
let caller: Script | undefined;

/**
 * Calls a function that SIGINT can break.
 *
 * @throws {Error} when the function does, or, as {@link runBreakable}, when a signal breaks it
 */
export function callBreakable<T>(work: () => T): T {
  const global = globalThis as { [CALLED]?: () => T };
  caller ??= new Script(`globalThis[Symbol.for('${CALLED.description}')]()`, { filename: 'node:tf-mechanics-kernel' });
  global[CALLED] = work;
  try {
    return runBreakable(caller) as T;
  } finally {
    delete global[CALLED];
  }
}

/**
 * Runs a script that SIGINT can break.
 *
 * @throws {Error} when SIGINT broke it, with the code ERR_SCRIPT_EXECUTION_INTERRUPTED
 */
export function runBreakable(script: Script): unknown {
  const flag = watched; // defined if `runInContext` is
  try {
    return runInContext && flag?.beginBreakable(PATIENCE)
      ? runInContext.call(script, null, -1, false, true, false)
      : script.runInThisContext({ breakOnSigint: true, displayErrors: false });
  } finally {
    flag?.endBreakable();
  }
}
