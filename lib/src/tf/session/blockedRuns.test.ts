import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { CancelledError, DeadlineExceededError, InvalidArgumentError } from '../../runtime/errors';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Scalar, Tensor } from '../graph/tensor';
import { constant, placeholder } from '../ops/constants';
import { mul } from '../ops/elementwise/binary';
import { Session, type SessionOptions } from './session';

const sessions: Session[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

function sessionOn<T>(build: (graph: Graph) => T, options?: SessionOptions) {
  const graph = new Graph();
  const built = graph.asDefault(() => build(graph));
  const session = new Session({ graph, ...options });
  sessions.push(session);
  return { session, built };
}

function queue(graph: Graph, capacity: number) {
  const x = placeholder('float32', []);
  const [handle] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'], capacity }).outputs;
  const enqueue = graph.createOperation('QueueEnqueueV2', [handle!, [x]]);
  const [front] = graph.createOperation('QueueDequeueV2', [handle!], { component_types: ['float32'] }).outputs;
  return { x, enqueue, front: front as Scalar };
}

/** What nothing comes to, and whose kernel heeds neither time limits nor cancellation. */
const unstage = (graph: Graph): Operation => graph.createOperation('Unstage', [], { dtypes: ['float32'] });

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('1,000 runs at once, 300 of them blocked', () => {
  it('leave files, compression and the other runs alone, and go on when they can', async () => {
    const { session, built } = sessionOn((graph) => {
      const q = queue(graph, 1000);
      return { ...q, double: mul(q.x, 2) };
    });
    const { x, enqueue, front, double } = built;
    const blocked = Array.from({ length: 300 }, () => session.run(front));
    const rest = Array.from({ length: 700 }, (_, i) => session.run(double, [[x, i]]));
    expect((await readFile(__filename)).length).toBeGreaterThan(100);
    expect((await promisify(gzip)(Buffer.alloc(1000))).length).toBeGreaterThan(10);
    expect(createHash('sha256').digest('hex')).toHaveLength(64);
    expect(await Promise.all(rest)).toEqual(Array.from({ length: 700 }, (_, i) => 2 * i));
    await Promise.all(blocked.map((_, i) => session.run(enqueue, [[x, i]])));
    expect((await Promise.all(blocked)).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 300 }, (_, i) => i),
    );
  });

  it('fail one by one', async () => {
    const { session, built } = sessionOn((graph) => {
      const q = queue(graph, 1);
      const [isPositive] = graph.createOperation('Greater', [q.x, constant(0)]).outputs as [Tensor];
      const positive = graph.createOperation('Assert', [isPositive, [q.x]]);
      return { ...q, checked: graph.controlDependencies([positive], () => mul(q.x, 2)) };
    });
    const { x, front, enqueue, checked } = built;
    const fronts = Array.from({ length: 10 }, () => session.run(front));
    const settled = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) => session.run(checked, [[x, i % 10 === 0 ? -1 : i]])),
    );
    for (const [i, outcome] of settled.entries()) {
      if (i % 10 !== 0) expect(outcome).toEqual({ status: 'fulfilled', value: 2 * i });
      else expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(InvalidArgumentError);
    }
    for (let i = 0; i < 10; i++) await session.run(enqueue, [[x, i]]);
    expect((await Promise.all(fronts)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a run that never ends by itself', () => {
  it.each([
    [{ interOpParallelismThreads: -1 as number, intraOpParallelismThreads: 1 }, "in the caller's thread"],
    [{ interOpParallelismThreads: 2 as number, intraOpParallelismThreads: 2 }, 'in threads of a pool'],
  ])('is given up after timeoutInMs, and leaves the session usable (%o)', async (config) => {
    const { session, built } = sessionOn((graph) => ({ never: unstage(graph), one: constant(1) }), { config });
    const begin = performance.now();
    await expect(session.run(built.never, [], { options: { timeoutInMs: 100 } })).rejects.toThrow(
      DeadlineExceededError,
    );
    expect(performance.now() - begin).toBeGreaterThan(99);
    expect(await session.run(built.one)).toBe(1);
  });

  it('is given up after operationTimeoutInMs of the configuration', async () => {
    const { session, built } = sessionOn(unstage, { config: { operationTimeoutInMs: 100 } });
    await expect(session.run(built)).rejects.toThrow(DeadlineExceededError);
  });

  it('is cancelled by close, which returns', async () => {
    const { session, built } = sessionOn(unstage);
    const outcomes = Promise.allSettled([session.run(built), session.run(built)]);
    await later(50);
    await session.close();
    for (const outcome of await outcomes)
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(CancelledError);
  });

  it('is cancelled at once where its kernel heeds it', async () => {
    const { session, built } = sessionOn((graph) => queue(graph, 1).front);
    const failed = session.run(built).catch((error: unknown) => error);
    await later(50);
    await session.close();
    const error = await failed;
    expect(error).toBeInstanceOf(CancelledError);
    expect(String(error)).not.toContain('was closed while this ran'); // the words of who gives up a run that doesn't heed it
  });

  it('in the background is cancelled by close, too', async () => {
    const { session, built } = sessionOn((graph) => queue(graph, 1).front);
    const outcome = expect(session.runInBackground(built.op)).rejects.toThrow(CancelledError);
    await later(20);
    await session.close();
    await outcome;
  });

  it('may be one on a server that is not there, and graphs are built meanwhile', async () => {
    const { session, built } = sessionOn(() => constant(1), { target: 'grpc://127.0.0.1:9' });
    const outcome = expect(session.run(built)).rejects.toThrow(CancelledError);
    await expect(session.run(built, [], { options: { timeoutInMs: 100 } })).rejects.toThrow(DeadlineExceededError);
    session.graph.asDefault(() => constant(2));
    await session.close();
    await outcome;
  });
});
