/** Agents as tasks of a cluster, all in this process. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tf } from '../..';
import * as models from '..';
import { localJobs } from './localCluster';

class Three extends models.BasicAgent {
  static readonly modelName: string = 'three';
  static readonly keys = { maxIter: models.key(models.wholeNumber(0), 'steps to take', 60) };
  static readonly searchSpace = {};

  protected override buildGraph() {
    const three = new tf.Variable(0, { name: 'three' });
    const loss = tf.square(tf.subtract(three, 3));
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(0.02).minimize(loss, { globalStep });
    return { three, loss, trainOp };
  }

  protected override async prepare() {
    return {};
  }

  protected override describeData() {
    return {};
  }

  protected override async learnFromEpoch(_: unknown, { end, signal, onStep }: models.EpochOptions): Promise<number> {
    const { trainOp, loss } = this.parts as ReturnType<Three['buildGraph']>;
    const step = this.workerNumber === 0 ? { of: [trainOp] } : trainOp.name; // a step is one however it is fetched
    let value = Number.NaN;
    for (; this.step < end && !signal?.aborted; this.step++) {
      [, value] = await this.session.run([step, loss] as const);
      onStep?.(this.step, value);
      this.writer('').scalar('loss', value, this.step);
    }
    return value;
  }

  override async evaluate<S extends models.SetName>(sets: readonly S[] = ['train'] as unknown as S[]) {
    await this.initialized();
    const loss = await this.session.run((this.parts as ReturnType<Three['buildGraph']>).loss);
    return Object.fromEntries(sets.map((name) => [name, { numExamples: 1, loss }])) as Record<S, models.Evaluation>;
  }

  override async infer(): Promise<never[]> {
    return [];
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'together-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([false, true])(
  'count their steps together, and leave saving and writing to the chief (synchronous: %s)',
  async (synchronous) => {
    const cluster = await localJobs({ ps: 1, workers: 2 });
    const servers = [];
    const agents: Three[] = [];
    const resultDir = path.join(folder, 'run');
    try {
      for (const jobName of ['ps', 'worker'])
        for (const taskIndex of cluster[jobName]!.keys()) {
          const task = { cluster, jobName, taskIndex };
          const server = new tf.train.Server(task);
          servers.push(server);
          const agent = new Three({ resultDir, randomSeed: 1 });
          agents.push(agent);
          if (jobName === 'worker') agent.runOn({ target: server.target, task, synchronous });
          else expect(() => agent.runOn({ target: server.target, task })).toThrow('ps 0 has variables of others');
        }
      const [, chief, worker] = agents;
      const taken = [0, 0];
      const train = (agent: Three, i: number) =>
        agent.train({ saveEvery: 20, log: () => {}, onStep: (_step, _loss, own) => (taken[i] = own) });
      const [first, other] = await Promise.all([train(chief!, 0), train(worker!, 1)]);
      expect(first.step).toBeGreaterThanOrEqual(60);
      expect(first.step).toBeLessThanOrEqual(62);
      expect(first.evaluations?.train.loss).toBeLessThan(2);
      expect(other).toEqual({ step: expect.any(Number), loss: expect.any(Number), stopped: false, checkpoint: '' });
      if (synchronous) expect([first.step, ...taken]).toEqual([60, 60, 60]);
      else expect(taken[0]! + taken[1]!).toBe(first.step); // of which the chief may have all, before the other looks for it
      const files = readdirSync(resultDir);
      expect(files.filter((name) => name.includes('tfevents'))).toHaveLength(1);
      expect(files.filter((name) => /^model\.ckpt-\d+\.index$/.test(name)).length).toBeGreaterThanOrEqual(2);
      const device = (agent: Three, name: string) => agent.graph.getOperationByName(name).device;
      expect(device(worker!, 'three')).toBe('/job:ps/task:0');
      expect(device(worker!, 'Square')).toBe('/job:worker/task:1');
      const sync = () => chief!.session.runSync(chief!.graph.getOperationByName('global_step/Assign'));
      if (synchronous) expect(sync).toThrow('a step that waits for other workers has to be awaited: ');
    } finally {
      await Promise.all(agents.map((agent) => agent.close()));
      await Promise.all(servers.map((server) => server.stop()));
    }
  },
);

it('runs on a server that is no cluster, and is told where before its graph is built', async () => {
  await using server = tf.train.Server.createLocalServer();
  await using agent = new Three({ maxIter: 20, resultDir: path.join(folder, 'run') });
  agent.runOn({ target: server.target });
  expect((await agent.train({ log: () => {} })).step).toBe(20);
  expect(existsSync(path.join(folder, 'run', 'model.ckpt-20.index'))).toBe(true);
  expect(() => agent.runOn({ target: server.target })).toThrow('the graph is built: say where the agent runs before');
});
