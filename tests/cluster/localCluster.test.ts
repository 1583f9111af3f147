/** Clusters of TensorFlow servers in processes of this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../lib/shared/folderLock.cjs';
import type * as Library from '../../lib/src';
import { repetitions } from '../../lib/src/testing/repetitions';

const library = path.join(__dirname, '..', '..', 'lib', 'dist');
const { models, tf } = require(library) as typeof Library;

describe('localCluster', () => {
  let cluster: Library.models.LocalCluster;
  beforeAll(async () => {
    cluster = await models.localCluster({ ps: 1, workers: 2 });
  });
  afterAll(() => cluster.close());

  /** A number on the parameter server, to which a worker adds. */
  function counting(worker: number) {
    const graph = new tf.Graph();
    return graph.asDefault(() => {
      const total = tf.device('/job:ps/task:0', () => new tf.Variable(0, { name: 'total' }));
      const add = tf.device(`/job:worker/task:${worker}`, () => tf.assignAdd(total, tf.add(1, 1)));
      const session = new tf.Session({ graph, target: cluster.target('worker', worker) });
      return { total, add, session };
    });
  }

  it('has variables that sessions of all its workers see', async () => {
    const [one, other] = [counting(0), counting(1)];
    try {
      await one.session.run(one.total.initializer);
      await one.session.run(one.add);
      await other.session.run(other.add);
      expect(await one.session.run(one.total)).toBe(4);
    } finally {
      await Promise.all([one.session.close(), other.session.close()]);
    }
  });

  it('shows every task in the trace of a run', async () => {
    const { total, add, session } = counting(1);
    try {
      await session.run(total.initializer);
      const runMetadata = new tf.RunMetadata();
      await session.run(add, [], { options: { traceLevel: tf.RunOptions.FULL_TRACE }, runMetadata });
      const devices = runMetadata.stepStats!.devStats.map(({ device }) => device);
      expect(devices).toEqual(
        expect.arrayContaining([expect.stringContaining('/job:ps'), expect.stringContaining('/job:worker')]),
      );
    } finally {
      await session.close();
    }
  });

  it('ends a task as the end of its machine would, and starts it again at the same address', async () => {
    const target = cluster.target('ps');
    const pid = cluster.pid('ps');
    const { total, add, session } = counting(0);
    await session.run(total.initializer);
    await cluster.kill('ps');
    expect([cluster.pid('ps'), isAlive(pid!)]).toEqual([undefined, false]);
    await expect(session.run(add)).rejects.toThrow(/.+/);
    await session.close();
    await cluster.restart('ps');
    expect(cluster.target('ps')).toBe(target);
    const again = counting(0);
    try {
      await expect(again.session.run(again.add)).rejects.toThrow(tf.errors.FailedPreconditionError); // it has forgotten
      await again.session.run(again.total.initializer);
      await again.session.run(again.add);
    } finally {
      await again.session.close();
    }
  });

  it('refuses numbers that make no cluster, and names of tasks that it has not', async () => {
    await expect(models.localCluster({ workers: 0 })).rejects.toThrow(
      'expected workers to be a whole number from 1 to 64',
    );
    await expect(models.localCluster({ ps: 1.5 })).rejects.toThrow(
      'expected ps to be a whole number from 0 to 64, got 1.5',
    );
    expect(() => cluster.target('worker', 2)).toThrow(
      "the cluster has no task 'worker' 2, but ps 0, worker 0, worker 1",
    );
  });
});

it('leaves no process behind, whatever ends the one that started it', { timeout: 150_000 }, async () => {
  const program = `
    const { models } = require(${JSON.stringify(library)});
    models.localCluster({ ps: 1, workers: 1 }).then((cluster) => {
      console.log(JSON.stringify([cluster.pid('ps'), cluster.pid('worker')]));
      const [how] = process.argv.slice(1);
      if (how === 'exit') process.exit();
      if (how === 'error') throw new Error('an end');
      setInterval(() => {}, 1000);
    });`;
  for (const how of ['SIGKILL', 'error', 'exit'].slice(0, repetitions(1, 3))) {
    const child = spawn(process.execPath, ['-e', program, how], { stdio: ['ignore', 'pipe', 'ignore'] });
    const exit = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    if (how === 'SIGKILL') child.kill('SIGKILL');
    await exit;
    const pids = JSON.parse(String(line)) as number[];
    await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);
  }
});
