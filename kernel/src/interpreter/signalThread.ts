/** The thread that listens to SIGINT; see `signals.ts`. */
import { Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { InterruptFlag } from './interruption';

/**
 * The nesting depth of the thread's scripts. A signal breaks the innermost; while that restarts, another signal breaks
 * the enclosing one. Node would only miss a signal if one arrived within microseconds for every level.
 */
const LEVELS = 4;

const flag = new InterruptFlag(workerData as SharedArrayBuffer);
const never = new Int32Array(new SharedArrayBuffer(4));
const steps = Symbol.for('tf-mechanics.signals');

function listen(level: number): void {
  const script = new Script(`globalThis[Symbol.for('${steps.description}')](${level - 1})`);
  for (;;) {
    try {
      script.runInThisContext({ breakOnSigint: true });
    } catch {
      flag.onSignal();
      parentPort?.postMessage('interrupt');
      flag.waitToWatchAgain();
    }
  }
}

Object.assign(globalThis, {
  [steps]: (level: number) => {
    if (level > 0) return listen(level);
    flag.setWatched();
    Atomics.wait(never, 0, 0);
  },
});
listen(LEVELS);
