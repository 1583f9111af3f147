import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../runtime/errors';
import { Graph } from '../../graph/graph';
import { constant } from '../../ops/constants';
import { Variable } from '../../ops/variables';
import { ClusterSpec } from './clusterSpec';
import { byteSizeLoadFn, GreedyLoadBalancingStrategy, RandomStrategy } from './psStrategies';
import { type ReplicaDeviceOptions, replicaDeviceSetter } from './replicaDeviceSetter';

/** Where the variables of these sizes are. */
function devicesOf(options: ReplicaDeviceOptions, sizes: readonly number[] = [1, 1, 1]): string[] {
  const graph = new Graph();
  return graph.asDefault(() =>
    graph.device(replicaDeviceSetter(options), () =>
      sizes.map((size) => new Variable(new Float32Array(size), { name: 'v' }).device),
    ),
  );
}

describe('replicaDeviceSetter', () => {
  it('gives variables to the parameter servers by turns, and all else to the worker', () => {
    expect(devicesOf({ psTasks: 2 })).toEqual(['/job:ps/task:0', '/job:ps/task:1', '/job:ps/task:0']);
    const graph = new Graph();
    const setter = replicaDeviceSetter({ psTasks: 1, workerDevice: '/job:worker/task:3' });
    graph.asDefault(() => graph.device(setter, () => expect(constant(1).device).toBe('/job:worker/task:3')));
  });

  it('counts the tasks of a cluster, of which some may be missing', () => {
    const cluster = { ps: { 1: 'a:1', 3: 'b:1' }, worker: ['c:1'] };
    expect(devicesOf({ cluster })).toEqual(['/job:ps/task:1', '/job:ps/task:3', '/job:ps/task:1']);
    expect(devicesOf({ cluster: new ClusterSpec(cluster) })).toHaveLength(3);
    expect(devicesOf({ cluster: { servers: ['a:1', 'b:1'] }, psDevice: '/job:servers/cpu:0' })[1]).toBe(
      '/job:servers/task:1/device:CPU:0',
    );
  });

  it('is null where there is no parameter server', () => {
    expect(replicaDeviceSetter()).toBe(null);
    expect(replicaDeviceSetter({ cluster: { worker: ['a:1'] } })).toBe(null);
    expect(replicaDeviceSetter({ psTasks: 2, cluster: { ps: [] } })).toBe(null);
    expect(devicesOf({})).toEqual(['', '', '']);
  });

  it('balances bytes', () => {
    const psStrategy = new GreedyLoadBalancingStrategy(2, byteSizeLoadFn);
    const devices = devicesOf({ psTasks: 2, psStrategy }, [100, 1, 2, 3, 200, 1]);
    expect(devices.map((device) => device.at(-1))).toEqual([...'011110']);
  });

  it('spreads by names, the same way every time', () => {
    const tasks = () => devicesOf({ psTasks: 50, psStrategy: new RandomStrategy(50) });
    expect(tasks()).toEqual(tasks());
    expect(new Set(tasks()).size).toBe(3);
    const seeded = devicesOf({ psTasks: 50, psStrategy: new RandomStrategy(50, 7) });
    expect(seeded).not.toEqual(tasks());
  });

  it('takes a function, and other types of operations', () => {
    expect(devicesOf({ psTasks: 3, psStrategy: ({ name }) => (name === 'v' ? 2 : 1) })[0]).toBe('/job:ps/task:2');
    expect(devicesOf({ psTasks: 3, psOps: ['VarHandleOp'] })[0]).toBe('/job:worker');
    expect(devicesOf({ psTasks: 3, psDevice: '' })[0]).toBe('/job:worker');
  });

  it('refuses what it could not place by', () => {
    expect(() => replicaDeviceSetter({ psTasks: 1.5 })).toThrow('psTasks is a number of parameter servers, not 1.5');
    expect(() => replicaDeviceSetter({ psTasks: 1, workerDevice: 'worker' })).toThrow("'worker' is no device");
    expect(() => replicaDeviceSetter({ cluster: { ps: { a: 'x:1' } as never } })).toThrow(InvalidArgumentError);
    expect(() => replicaDeviceSetter({ psTasks: 1, psStrategy: {} as never })).toThrow('is a function');
    expect(() => devicesOf({ psTasks: 2, psStrategy: () => 2 })).toThrow(
      'one of 2 parameter servers, counted from 0, not 2',
    );
    expect(() => new GreedyLoadBalancingStrategy(0, byteSizeLoadFn)).toThrow('from 1 on, not 0');
    const describing = { name: 'x', type: 'MatMul', inputs: [], attributes: {}, device: '' };
    expect(new GreedyLoadBalancingStrategy(2, () => 1).choose(describing)).toBe(0);
    expect(new RandomStrategy(1).choose(describing)).toBe(0);
    const nan = new GreedyLoadBalancingStrategy(2, () => Number.NaN);
    expect(() => devicesOf({ psTasks: 2, psStrategy: nan })).toThrow("the load of 'v' is a number, not NaN");
    expect(() => byteSizeLoadFn(describing)).toThrow("'x' is of type MatMul");
  });
});
