/**
 * A host that tells a program not to execute its command line, because a search started it as a worker process, or
 * because it was loaded for its models. The program hands the host the function that trains a trial. The host is found
 * under a symbol, because the program may use another copy of the library.
 */
import type { RunTrial } from './trial';

/** Receives the function that trains a trial. */
export interface WorkerHost {
  /** @returns when the program may continue: never in a worker process */
  offer(runTrial: RunTrial<unknown>): Promise<void>;
}

const KEY = Symbol.for('tf-mechanics.searchWorker');

const holder = globalThis as { [KEY]?: WorkerHost | undefined };

/** Sets the host to which programs offer their trials; `undefined` removes it. */
export function setWorkerHost(host: WorkerHost | undefined): void {
  holder[KEY] = host;
}

/** The current host. */
export function workerHost(): WorkerHost | undefined {
  return holder[KEY];
}

/** Runs `work`; programs loaded meanwhile only register their models. */
export async function withoutPrograms<T>(work: () => Promise<T>): Promise<T> {
  const before = workerHost();
  setWorkerHost({ offer: async () => {} });
  try {
    return await work();
  } finally {
    setWorkerHost(before);
  }
}
