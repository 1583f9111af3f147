/**
 * A host that tells a program not to execute its command line, because a search started it as a worker process, or
 * because it was loaded for its models. The program hands the host the function that trains a trial. The host is found
 * under a symbol, because the program may use another copy of the library.
 */
import type { RunTrial } from './trial';

/** Takes what trains trials. */
export interface WorkerHost {
  /** @returns when the program may go on: in a process of a search never */
  offer(runTrial: RunTrial<unknown>): Promise<void>;
}

const KEY = Symbol.for('tf-mechanics.searchWorker');

const holder = globalThis as { [KEY]?: WorkerHost | undefined };

/** Has programs offer what they have to `host`; `undefined` takes that back. */
export function setWorkerHost(host: WorkerHost | undefined): void {
  holder[KEY] = host;
}

/** Who takes what trains trials. */
export function workerHost(): WorkerHost | undefined {
  return holder[KEY];
}

/** Does some work, in which programs that are loaded do nothing but have their models known. */
export async function withoutPrograms<T>(work: () => Promise<T>): Promise<T> {
  const before = workerHost();
  setWorkerHost({ offer: async () => {} });
  try {
    return await work();
  } finally {
    setWorkerHost(before);
  }
}
