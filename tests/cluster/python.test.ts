/** Clusters of tasks of this library and of Python's TensorFlow. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { freeAddresses } from '../../lib/src/testing/freePorts';
import { startProgram, startServer } from '../../lib/src/testing/serverProcess';
import { pythonWith } from '../tensorboard/python';

const python = pythonWith('tensorflow');
const task = path.join(__dirname, 'task.py');

/** A linear model, its weights on the parameter server and its steps on a worker; `task.py` has the same. */
function model(worker?: number) {
  const graph = new tf.Graph();
  const build = () => {
    const weights = new tf.Variable([[0], [0]], { name: 'weights' });
    const examples = tf.constant([
      [1, 2],
      [3, -1],
      [0.5, 0.25],
    ]);
    const errors = tf.subtract(tf.matmul(examples, weights), [[1], [2], [-1]]);
    const loss = tf.reduceMean(tf.square(errors));
    return { weights, loss, train: new tf.train.GradientDescentOptimizer(0.05).minimize(loss) };
  };
  const device =
    worker === undefined
      ? null
      : tf.train.replicaDeviceSetter({ psTasks: 1, workerDevice: `/job:worker/task:${worker}` });
  return graph.asDefault(() => {
    const parts = tf.device(device, build);
    return { graph, ...parts, init: tf.globalVariablesInitializer() };
  });
}

async function train(session: tf.Session, { loss, train }: ReturnType<typeof model>, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await session.run([loss, train]))[0]);
  return losses;
}

/** What six steps of one process give. */
async function alone() {
  const built = model();
  await using session = new tf.Session({ graph: built.graph });
  await session.run(built.init);
  const losses = await train(session, built, 6);
  return { losses, weights: [...(await session.run(built.weights)).data] };
}

/** Has Python train some steps as a worker. */
async function trainInPython(
  cluster: object,
  index: number,
  steps: number,
): Promise<{ losses: number[]; weights: number[] }> {
  const words = [task, JSON.stringify(cluster), 'worker', String(index), String(steps)];
  const { line, kill } = await startProgram(python!, words);
  await kill();
  return JSON.parse(line);
}

/** Compares as `float32` has it, kernels of two releases aside. */
function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
}

describe.runIf(python)("a cluster with tasks of Python's TensorFlow", () => {
  it("has a worker of Python's among ours, which takes the same steps", { timeout: 120_000 }, async () => {
    const [ps, ours, theirs] = (await freeAddresses(3)) as [string, string, string];
    const cluster = { ps: [ps], worker: [ours, theirs] };
    const parameters = await startServer(cluster, 'ps');
    try {
      await using server = new tf.train.Server({ cluster, jobName: 'worker', taskIndex: 0 });
      const built = model(0);
      // The session doesn't wait for the other worker, which waits for this one.
      const config = { deviceFilters: ['/job:ps', '/job:worker/task:0'] };
      await using session = new tf.Session({ graph: built.graph, target: server.target, config });
      await session.run(built.init);
      const before = await train(session, built, 3);
      const python = await trainInPython(cluster, 1, 3);
      const expected = await alone();
      expectClose([...before, ...python.losses], expected.losses);
      expectClose(python.weights, expected.weights);
      expectClose([...(await session.run(built.weights)).data], expected.weights);
    } finally {
      await parameters.kill();
    }
  });

  it("has us as a worker among Python's, and we take the same steps", { timeout: 120_000 }, async () => {
    const [ps, theirs, ours] = (await freeAddresses(3)) as [string, string, string];
    const cluster = { ps: [ps], worker: [theirs, ours] };
    const parameters = await startProgram(python!, [task, JSON.stringify(cluster), 'ps', '0']);
    try {
      await using server = new tf.train.Server({ cluster, jobName: 'worker', taskIndex: 1 });
      const built = model(1);
      const config = { deviceFilters: ['/job:ps', '/job:worker/task:1'] };
      await using session = new tf.Session({ graph: built.graph, target: server.target, config });
      await session.run(built.init);
      const before = await train(session, built, 3);
      const python = await trainInPython(cluster, 0, 2);
      const after = await train(session, built, 1);
      const expected = await alone();
      expectClose([...before, ...python.losses, ...after], expected.losses);
      expectClose([...(await session.run(built.weights)).data], expected.weights);
    } finally {
      await parameters.kill();
    }
  });
});
