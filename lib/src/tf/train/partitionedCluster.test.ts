import { afterEach, expect, it } from 'vitest';
import { serversHere } from '../../testing/serversHere';
import { Graph } from '../graph/graph';
import { fixedSizePartitioner, getVariable, nn, reduceMean, square } from '../ops';
import { placeholder } from '../ops/constants';
import { globalVariablesInitializer } from '../ops/variables';
import { Session } from '../session';
import { AdagradOptimizer, AdamOptimizer, replicaDeviceSetter } from '.';

let stopServers = async () => {};
afterEach(async () => {
  await stopServers();
});

/** A table in three parts that learns from looked up rows; the table after some steps. */
async function trained(
  target: string,
  device: ReturnType<typeof replicaDeviceSetter>,
  isAdam: boolean,
  useResource: boolean,
): Promise<unknown> {
  const graph = new Graph();
  const net = graph.asDefault(() =>
    graph.device(device, () => {
      const rows = Array.from({ length: 10 }, (_, i) => [i / 10, 1 - i / 10]);
      const table = getVariable('table', { initializer: rows, partitioner: fixedSizePartitioner(3), useResource });
      const ids = placeholder('int32', [4]);
      const found = nn.embeddingLookup(table, ids, { partitionStrategy: 'div' });
      const optimizer = isAdam ? new AdamOptimizer(0.1) : new AdagradOptimizer(0.1);
      const train = optimizer.minimize(reduceMean(square(found)));
      return {
        devices: [...table].map(({ device }) => device),
        table: table.asTensor(),
        ids,
        train,
        init: globalVariablesInitializer(),
      };
    }),
  );
  if (device) expect(net.devices).toEqual(['/job:ps/task:0', '/job:ps/task:1', '/job:ps/task:0']);
  await using session = new Session({ graph, target });
  await session.run(net.init);
  for (let i = 0; i < 5; i++) await session.run(net.train, [[net.ids, [i, 9 - i, 3, 3]]]);
  return (await session.run(net.table)).toString();
}

it.each([
  [false, false],
  [true, false],
  [true, true],
])(
  'a partitioned variable learns on its parameter servers as in one process (Adam: %s, as a resource: %s)',
  async (isAdam, useResource) => {
    const { cluster, worker, stop } = await serversHere({ ps: 2, workers: 1 });
    stopServers = stop;
    const here = await trained('', null, isAdam, useResource);
    expect(
      await trained(
        worker[0]!.target,
        replicaDeviceSetter({ cluster, workerDevice: '/job:worker/task:0' }),
        isAdam,
        useResource,
      ),
    ).toEqual(here);
  },
  60_000,
);
