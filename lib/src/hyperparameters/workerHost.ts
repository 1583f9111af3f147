/**
 * What a program finds that a search has begun as one of its processes: whoever has the models offers the function that trains them,
 * rather than doing what the command line says. The program may have another copy of the library than the search, so it is found under a
 * symbol.
 */
import type { RunTrial } from './trial';

/** Takes what trains trials. */
export interface WorkerHost {
  offer(runTrial: RunTrial<unknown>): void;
}

const KEY = Symbol.for('tf-mechanics.searchWorker');

const holder = globalThis as { [KEY]?: WorkerHost | undefined };

/** Makes this process one of a search's; `undefined` takes that back. */
export function setWorkerHost(host: WorkerHost | undefined): void {
  holder[KEY] = host;
}

/** Who takes what trains trials, where this process is one of a search's. */
export function workerHost(): WorkerHost | undefined {
  return holder[KEY];
}
