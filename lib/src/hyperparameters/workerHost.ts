/**
 * What a program finds that is not to do what its command line says, since a search has begun it as one of its processes, or somebody loads
 * it for its models: it offers the function that trains them. The program may have another copy of the library than who runs it, so this is
 * found under a symbol.
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
