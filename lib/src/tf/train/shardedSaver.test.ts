import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serversHere } from '../../testing/serversHere';
import { Graph } from '../graph/graph';
import { globalVariablesInitializer, Variable } from '../ops/variables';
import { Session } from '../session';
import {
  getCheckpointState,
  importMetaGraph,
  latestCheckpoint,
  loadVariable,
  replicaDeviceSetter,
  Saver,
  type SaverOptions,
} from '.';

let folder: string;
let stopServers = async () => {};
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sharded-'));
});
afterEach(async () => {
  await stopServers();
  rmSync(folder, { recursive: true });
});

/** Variables on as many devices of this process as there are, which all lie on one machine. */
function onDevices(devices: number, options: SaverOptions = {}) {
  const graph = new Graph();
  return graph.asDefault(() => {
    const setter = replicaDeviceSetter({ psTasks: 1, psDevice: '', workerDevice: '/cpu:0' });
    const variables = graph.device(setter, () =>
      [1, 2, 3, 4].map((value, i) =>
        graph.device(`/cpu:${i % devices}`, () => new Variable([value, value + 0.5], { name: `v${i}` })),
      ),
    );
    const init = globalVariablesInitializer();
    const saver = new Saver({ sharded: true, ...options });
    const session = new Session({ graph, config: { deviceCount: { CPU: devices } } });
    return { graph, session, variables, init, saver };
  });
}

const names = (of = folder) => readdirSync(of).sort();

describe('a sharded saver', () => {
  it('writes a file for each device, and one index', async () => {
    const { session, variables, init, saver } = onDevices(3);
    await session.run(init);
    const prefix = await saver.save(session, path.join(folder, 'model'), { globalStep: 7 });
    expect(names()).toEqual([
      'checkpoint',
      'model-7.data-00000-of-00003',
      'model-7.data-00001-of-00003',
      'model-7.data-00002-of-00003',
      'model-7.index',
      'model-7.meta',
    ]);
    expect(saver.saverDef.sharded).toBe(true);
    for (const variable of variables) session.runSync(variable.assign([0, 0]));
    await saver.restore(session, prefix);
    expect(session.runSync(variables[3]!).toArray()).toEqual([4, 4.5]);
    expect([...(loadVariable(prefix, 'v2').data as Float32Array)]).toEqual([3, 3.5]);
    const plain = new Graph().asDefault(() => {
      const v0 = new Variable([0, 0], { name: 'v0' });
      const saver = new Saver();
      const other = new Session();
      saver.restoreSync(other, prefix);
      return other.runSync(v0).toArray();
    });
    expect(plain).toEqual([1, 1.5]);
  });

  it('restores what one without shards has saved, and the other way round', async () => {
    const whole = onDevices(1, { sharded: false });
    whole.session.runSync(whole.init);
    const prefix = whole.saver.saveSync(whole.session, path.join(folder, 'whole'));
    const { session, variables, saver } = onDevices(2);
    saver.restoreSync(session, prefix);
    expect(session.runSync(variables).map((value) => value.toArray())).toEqual(
      [1, 2, 3, 4].map((value) => [value, value + 0.5]),
    );
    whole.saver.restoreSync(whole.session, saver.saveSync(session, path.join(folder, 'shards')));
  });

  it('keeps and removes checkpoints with all their files, also of another number of shards', async () => {
    const { session, init, saver } = onDevices(2, { maxToKeep: 1 });
    session.runSync(init);
    const target = path.join(folder, 'model');
    for (const step of [1, 2]) await saver.save(session, target, { globalStep: step, writeMetaGraph: false });
    const kept = ['checkpoint', 'model-2.data-00000-of-00002', 'model-2.data-00001-of-00002', 'model-2.index'];
    expect(names()).toEqual(kept);
    const three = onDevices(3);
    three.session.runSync(three.init);
    three.saver.saveSync(three.session, target, { globalStep: 2, writeMetaGraph: false });
    expect(names()).toEqual(['checkpoint', ...[0, 1, 2].map((i) => `model-2.data-0000${i}-of-00003`), 'model-2.index']);
    saver.restoreSync(session, latestCheckpoint(folder)!);
    expect(getCheckpointState(folder)?.allModelCheckpointPaths).toEqual([path.join(folder, 'model-2')]);
  });

  it('leaves nothing where it fails: neither a folder nor a shard', async () => {
    const { session, variables, saver } = onDevices(2);
    session.runSync(variables[0]!.initializer);
    const saving = saver.save(session, path.join(folder, 'model'));
    await expect(saving).rejects.toThrow('uninitialized value');
    expect(names()).toEqual([]);
  });

  it('is described by a MetaGraphDef', async () => {
    const { session, init, saver } = onDevices(2);
    session.runSync(init);
    const prefix = saver.saveSync(session, path.join(folder, 'model'));
    const graph = new Graph();
    const again = graph.asDefault(() => importMetaGraph(`${prefix}.meta`))!;
    expect(again.saverDef).toEqual(saver.saverDef);
    const other = new Session({ graph, config: { deviceCount: { CPU: 2 } } });
    again.restoreSync(other, prefix);
    expect(other.runSync('v3:0')).toMatchObject({ data: new Float32Array([4, 4.5]) });
    again.saveSync(other, path.join(folder, 'again'));
    expect(names()).toContain('again.data-00001-of-00002');
  });

  it('tells what a checkpoint lacks before anything is restored', () => {
    const { session, init, saver, graph } = onDevices(2);
    session.runSync(init);
    const prefix = saver.saveSync(session, path.join(folder, 'model'));
    graph.asDefault(() => new Variable(1, { name: 'another' }));
    const larger = graph.asDefault(() => new Saver({ sharded: true }));
    expect(() => larger.restoreSync(session, prefix)).toThrow('Key another not found in checkpoint');
  });
});

describe('a saver in a cluster', () => {
  it.each([true, false])(
    'has parameter servers write and read (sharded: %s)',
    async (sharded) => {
      const { cluster, worker, stop } = await serversHere({ ps: 2, workers: 1 });
      stopServers = stop;
      const graph = new Graph();
      const { v, r, saver, init } = graph.asDefault(() =>
        graph.device(replicaDeviceSetter({ cluster, workerDevice: '/job:worker/task:0' }), () => {
          const v = [1, 2, 3].map((value) => new Variable([value], { name: `v${value}` }));
          const r = new Variable([7], { name: 'r', useResource: true });
          const saver = new Saver({ sharded });
          return { v: [...v, r], r, saver, init: globalVariablesInitializer() };
        }),
      );
      expect(r.device).toBe('/job:ps/task:1');
      const home = process.cwd();
      await using session = new Session({ graph, target: worker[0]!.target });
      await session.run(init);
      mkdirSync(path.join(folder, 'run'));
      const prefix = await saver.save(session, path.relative(home, path.join(folder, 'run', 'model')), {
        globalStep: 1,
      });
      const files = sharded
        ? ['model-1.data-00000-of-00002', 'model-1.data-00001-of-00002']
        : ['model-1.data-00000-of-00001'];
      expect(names(path.join(folder, 'run'))).toEqual(['checkpoint', ...files, 'model-1.index', 'model-1.meta']);
      for (const variable of v) await session.run(variable.assign([0]));
      await saver.restore(session, prefix);
      expect((await session.run(v)).map((value) => value.toArray())).toEqual([[1], [2], [3], [7]]);
    },
    60_000,
  );
});
