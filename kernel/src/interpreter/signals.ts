/**
 * SIGINT, at any moment of a kernel's life. Two listen to it, one after the other:
 *
 * - a listener on `process`, from the first line on. It needs the event loop, which a cell that computes keeps busy.
 * - a thread that does nothing else (`signalThread.ts`), as soon as it runs. Node hands a SIGINT to the innermost script that it runs with
 *   `breakOnSigint`, in any thread: to the cell that computes, which it breaks, and else to that thread's.
 *
 * Node's own way from a script to the next lets go of the signal in between, for some microseconds in which it ends the process. So the
 * thread holds it all the time, and cells are run past the code of `node:vm` that takes the listeners of `process` away meanwhile. Of two
 * scripts Node breaks the one that began last, so the thread never begins to listen anew while a cell's is at work.
 */
import path from 'node:path';
import { Script } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { InterruptFlag } from './interruption';

/** How long a cell waits for the thread, which takes less time to start than TypeScript does, in milliseconds. */
const PATIENCE = 10_000;

/** `ContextifyScript.prototype.runInContext`, which `runInThisContext` calls in the end. */
type RunInContext = (
  this: Script,
  context: null,
  timeout: number,
  displayErrors: boolean,
  breakOnSigint: boolean,
  breakOnFirstLine: boolean,
) => unknown;

const runInContext = (Object.getPrototypeOf(Script.prototype) as { runInContext?: RunInContext }).runInContext;

/** The flag that a thread watches for, if one does. */
let watched: InterruptFlag | undefined;

/**
 * Listens to SIGINT from now on, for good.
 *
 * @param onInterrupt called in this thread, when it comes to it, after an interrupt was requested
 * @returns what begins the thread, which what is more urgent need not wait for; cells wait for it
 */
export function listenToSignals(flag: InterruptFlag, onInterrupt: () => void): () => void {
  process.on('SIGINT', () => {
    flag.onSignal();
    onInterrupt();
  });
  if (!runInContext) return () => {}; // a Node that is built in another way: the listener has to do
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
 * Calls a function that SIGINT breaks.
 *
 * @throws {Error} when it throws, what it throws, or when a signal breaks it, as {@link runBreakable}
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
 * Runs a script that SIGINT breaks.
 *
 * @throws {Error} when it did, with the code ERR_SCRIPT_EXECUTION_INTERRUPTED
 */
export function runBreakable(script: Script): unknown {
  const flag = watched; // there is one only where `runInContext` is
  try {
    return runInContext && flag?.beginBreakable(PATIENCE)
      ? runInContext.call(script, null, -1, false, true, false)
      : script.runInThisContext({ breakOnSigint: true, displayErrors: false });
  } finally {
    flag?.endBreakable();
  }
}
