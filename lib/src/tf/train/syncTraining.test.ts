/** Synchronous training on servers of this process: a parameter server and workers. */

import { afterEach, describe, expect, it } from 'vitest';
import { AbortedError, FailedPreconditionError, OutOfRangeError } from '../../runtime/errors';
import { repetitions } from '../../testing/repetitions';
import { serversHere } from '../../testing/serversHere';
import { Graph } from '../graph/graph';
import type { Scalar, Tensor } from '../graph/tensor';
import { placeholder } from '../ops/constants';
import { add, square, sub } from '../ops/elementwise';
import { gather } from '../ops/indexing';
import { matmul } from '../ops/matmul';
import { reduceMean } from '../ops/reduce';
import { globalVariablesInitializer, Variable } from '../ops/variables';
import { Session } from '../session';
import { type ClusterSpec, MonitoredTrainingSession, replicaDeviceSetter, type SessionHook, StopAtStepHook } from '.';
import { Coordinator } from './coordination';
import { createGlobalStep } from './globalStep';
import { MomentumOptimizer } from './optimizers';
import { type ReplicaCounts, replicated } from './syncReplicasOptimizer';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A parameter server and so many workers. */
async function serve(workers: number): Promise<{ cluster: ClusterSpec; targets: string[] }> {
  const { cluster, worker, stop } = await serversHere({ ps: 1, workers });
  cleanUps.push(stop);
  return { cluster, targets: worker.map(({ target }) => target) };
}

interface Network {
  readonly ids: Tensor<'int32'>;
  readonly t: Tensor<'float32'>;
  readonly loss: Scalar<'float32'>;
  readonly step: Variable<'int64', 'scalar'>;
  readonly trainOp: ReturnType<MomentumOptimizer['minimize']>;
}

/** A network that knows nothing of replicas, with gradients of rows and dense ones. */
function build(): Network {
  const ids = placeholder('int32', [null]);
  const t = placeholder('float32', [null, 1]);
  const step = createGlobalStep();
  const table = new Variable(Array.from({ length: 6 }, (_, i) => [i / 7, 1 - i / 5]));
  const w = new Variable([[0.3], [-0.2]]);
  const b = new Variable([0.1]);
  const loss = reduceMean(square(sub(add(matmul(gather(table, ids), w), b), t))) as Scalar<'float32'>;
  return { ids, t, loss, step, trainOp: new MomentumOptimizer(0.05, 0.5).minimize(loss, { globalStep: step }) };
}

/**
 * The part of a batch of 8 that is one replica's of so many. Both halves look up the same rows: the runtime averages a row over the gradients
 * that have it, which is over all only where all have it.
 */
function batch(step: number, part = 0, parts = 1): { ids: number[]; t: number[][] } {
  const places = Array.from({ length: 8 / parts }, (_, i) => i + (part * 8) / parts);
  const ids = places.map((place) => (step + (place % 4) ** 2) % 6);
  return { ids, t: ids.map((id, i) => [id / 4 + places[i]! / 80]) };
}

const feeds = ({ ids, t }: Network, values: ReturnType<typeof batch>) =>
  [
    [ids, values.ids],
    [t, values.t],
  ] as const;

/** The losses of one process. */
function alone(steps: number): number[] {
  const graph = new Graph();
  const [network, init] = graph.asDefault(() => [build(), globalVariablesInitializer()] as const);
  const session = new Session({ graph });
  cleanUps.push(() => session.close());
  session.runSync(init);
  return Array.from({ length: steps }, (_, step) => {
    const [, loss] = session.runSync([network.trainOp, network.loss], feeds(network, batch(step)));
    return loss;
  });
}

interface Replica {
  readonly network: Network;
  readonly session: Session;
  readonly coord: Coordinator;
  train(values: ReturnType<typeof batch>): Promise<number>;
}

/** The graph of a replica, and what makes it synchronous. */
function replica(cluster: ClusterSpec, task: number, counts: ReplicaCounts) {
  const graph = new Graph();
  const workerDevice = `/job:worker/task:${task}`;
  const place = <T>(build: () => T): T =>
    graph.asDefault(() => graph.device(replicaDeviceSetter({ cluster, workerDevice }), build));
  const { built: network, optimizer } = place(() => replicated(counts, build));
  return { graph, network, hook: optimizer!.makeExactHook(task === 0), place };
}

/** Workers that train together; the first is the chief. */
async function replicas(count: number, counts: ReplicaCounts): Promise<Replica[]> {
  const { cluster, targets } = await serve(count);
  const all: Replica[] = [];
  for (const [i, target] of targets.entries()) {
    const { graph, network, hook, place } = replica(cluster, i, counts);
    hook.begin();
    const init = place(() => globalVariablesInitializer());
    const session = new Session({ graph, target });
    cleanUps.push(() => session.close());
    if (i === 0) await session.run(init);
    const coord = new Coordinator();
    await hook.afterCreateSession(session, coord);
    const train = async (values: ReturnType<typeof batch>) =>
      (await session.run([network.trainOp, network.loss], feeds(network, values)))[1];
    all.push({ network, session, coord, train });
  }
  return all;
}

const globalStep = async ({ session, network }: Replica) => Number(await session.run(network.step));

describe('synchronous training', () => {
  it('follows the loss of one process with the joined batch', async () => {
    const steps = 50;
    const workers = await replicas(2, { replicasToAggregate: 2 });
    const losses = await Promise.all(
      workers.map(async ({ train }, part) => {
        const all: number[] = [];
        for (let step = 0; step < steps; step++) all.push(await train(batch(step, part, 2)));
        return all;
      }),
    );
    const expected = alone(steps);
    expect(expected.at(-1)).toBeLessThan(expected[0]! / 2);
    for (const [step, loss] of expected.entries())
      expect(Math.abs((losses[0]![step]! + losses[1]![step]!) / 2 - loss)).toBeLessThan(1e-5);
    expect(await globalStep(workers[1]!)).toBe(steps);
  });

  it('computes several batches for a step where there are fewer replicas than a step averages', async () => {
    const [only] = await replicas(1, { replicasToAggregate: 2, totalNumReplicas: 1 });
    const losses: number[] = [];
    for (let run = 0; run < 20; run++) losses.push(await only!.train(batch(run >> 1, run % 2, 2)));
    const expected = alone(10);
    for (const [step, loss] of expected.entries())
      expect(Math.abs((losses[2 * step]! + losses[2 * step + 1]!) / 2 - loss)).toBeLessThan(1e-5);
  });

  it('does not wait for the slowest, and drops what they come with', async () => {
    const workers = await replicas(3, { replicasToAggregate: 2, totalNumReplicas: 3 });
    const [chief, second, slow] = workers as [Replica, Replica, Replica];
    // Both train on the same batches, so that every step is one of that batch, whosever gradients it averages.
    const values = batch(0);
    const until = async (step: number) => {
      while ((await globalStep(chief)) < step) await Promise.all([chief.train(values), second.train(values)]);
    };
    await until(3);
    const before = await chief.session.run(chief.network.step);
    await slow.train({ ids: values.ids, t: values.t.map(() => [1e9]) });
    expect(await chief.session.run(chief.network.step)).toBe(before);
    await until(Number(before) + 3);
    const reference = new Graph();
    const [network, init] = reference.asDefault(() => [build(), globalVariablesInitializer()] as const);
    const session = new Session({ graph: reference });
    cleanUps.push(() => session.close());
    session.runSync(init);
    for (let step = await globalStep(chief); step > 0; step--) session.runSync(network.trainOp, feeds(network, values));
    const [loss, expected] = await Promise.all([
      chief.session.run(chief.network.loss, feeds(chief.network, values)),
      session.run(network.loss, feeds(network, values)),
    ]);
    expect(Math.abs(loss - expected)).toBeLessThan(1e-5);
  });

  it('ends for all that wait when the chief stops', async () => {
    const [chief, second] = (await replicas(2, { replicasToAggregate: 2 })) as [Replica, Replica];
    await Promise.all([chief.train(batch(0, 0, 2)), second.train(batch(0, 1, 2))]);
    const waiting = second.train(batch(1, 1, 2)).then(
      () => 'trained',
      (error: unknown) => error,
    );
    chief.coord.requestStop();
    await chief.coord.join([], { stopGracePeriodSecs: 30 });
    expect(await waiting).toBeInstanceOf(OutOfRangeError);
  });

  it(
    'goes on in monitored sessions until the last step, though the chief makes its session anew, and ends for all',
    async () => {
      for (let i = 0; i < repetitions(1, 40); i++) await trainAndLose(4 + (i % 6));
    },
    repetitions(60_000, 3_600_000),
  );
});

/** What the servers count as the last step. */
async function stepOn(cluster: ClusterSpec, target: string): Promise<number> {
  const { graph, network } = replica(cluster, 0, { replicasToAggregate: 2 });
  const session = new Session({ graph, target });
  cleanUps.push(() => session.close());
  return Number(await session.run(network.step));
}

/** Trains, and loses the chief's session after so many runs, when the other replica may wait for a token. */
async function trainAndLose(lostAfter: number): Promise<void> {
  const { cluster, targets } = await serve(2);
  // Whoever is quicker takes more of the steps, so there are many more than the chief must take before its session is lost.
  const lastStep = 24;
  let runs = 0;
  const lost: SessionHook = {
    afterRun() {
      if (++runs === lostAfter) throw new AbortedError('as if a server had been started again');
    },
  };
  const trainings = targets.map(async (master, task) => {
    const { graph, network, hook } = replica(cluster, task, { replicasToAggregate: 2 });
    const isChief = task === 0;
    const hooks: SessionHook[] = [hook, new StopAtStepHook({ lastStep })];
    if (isChief) hooks.push(lost);
    const training = await MonitoredTrainingSession({ master, isChief, graph, hooks, maxWaitSecs: 60 });
    let loss = Number.NaN;
    await training.use(async () => {
      for (let step = 0; !training.shouldStop(); step++)
        [, loss] = await training.run([network.trainOp, network.loss], feeds(network, batch(step, task, 2)));
    });
    return loss;
  });
  for (const loss of await Promise.all(trainings)) expect(loss).toBeGreaterThan(0);
  expect(runs).toBeGreaterThanOrEqual(lostAfter);
  expect(await stepOn(cluster, targets[0]!)).toBeGreaterThanOrEqual(lastStep);
  // The queue of tokens is closed: who begins another training on these servers hears of it.
  const again = replica(cluster, 0, { replicasToAggregate: 2 });
  const late = MonitoredTrainingSession({ master: targets[0], graph: again.graph, hooks: [again.hook] });
  await expect(late).rejects.toThrow(FailedPreconditionError);
}
