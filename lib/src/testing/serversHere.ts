/** A cluster whose tasks are all in this process, for tests. */
import { ClusterSpec } from '../tf/train/cluster/clusterSpec';
import { Server } from '../tf/train/cluster/server';
import { freeAddresses } from './freePorts';

/** A cluster with its servers, by job. */
export interface ServersHere {
  readonly cluster: ClusterSpec;
  readonly ps: readonly Server[];
  readonly worker: readonly Server[];
  /** Stops them all. */
  stop(): Promise<void>;
}

export async function serversHere(numbers: { readonly ps: number; readonly workers: number }): Promise<ServersHere> {
  const addresses = await freeAddresses(numbers.ps + numbers.workers);
  const cluster = new ClusterSpec({ ps: addresses.slice(0, numbers.ps), worker: addresses.slice(numbers.ps) });
  const serve = (jobName: string) =>
    cluster.taskIndices(jobName).map((taskIndex) => new Server({ cluster, jobName, taskIndex }));
  const [ps, worker] = [serve('ps'), serve('worker')];
  return {
    cluster,
    ps,
    worker,
    async stop() {
      await Promise.all([...ps, ...worker].map((server) => server.stop()));
    },
  };
}
