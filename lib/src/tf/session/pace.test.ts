import { setTimeout as later } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../runtime/errors';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { constant, placeholder } from '../ops/constants';
import { add } from '../ops/elementwise/binary';
import { assignAdd, globalVariablesInitializer, Variable } from '../ops/variables';
import { planFetches } from './fetches';
import { Pace, Paces } from './pace';
import { Session } from './session';

const sessions: Session[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

/** A counter, and a session that has awaited it often enough to know that it is counted in no time. */
async function counting() {
  const graph = new Graph();
  const built = graph.asDefault(() => {
    const counter = new Variable(0);
    return { counter, count: assignAdd(counter, 1), init: globalVariablesInitializer() };
  });
  const session = new Session({ graph });
  sessions.push(session);
  session.runSync(built.init);
  for (let i = 0; i < 20; i++) await session.run(built.count);
  session.runSync(built.init);
  return { graph, session, ...built };
}

describe('a pace', () => {
  const graph = new Graph();
  const pace = () =>
    new Pace(
      planFetches(
        graph,
        graph.asDefault(() => constant(1)),
      ),
    );

  it('is that of another thread before anything was measured', () => {
    expect(pace()).toMatchObject({ milliseconds: Number.POSITIVE_INFINITY, thread: 'other' });
  });

  it('is the faster of the last two runs, so that neither the first nor one that was held up counts', () => {
    const measured = pace();
    measured.took(40);
    expect(measured.thread).toBe('other');
    measured.took(0.2);
    measured.took(12);
    expect(measured).toMatchObject({ milliseconds: 0.2, thread: 'caller' });
    measured.took(12);
    expect(measured).toMatchObject({ milliseconds: 12, thread: 'other' });
  });
});

describe('the paces of a session', () => {
  it('are one for each set of fetches and size of feeds', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const x = placeholder('float32', [null]);
      const [one, two] = [add(x, 1), add(x, 2)];
      const paces = new Paces();
      const of = (fetches: unknown, size: number) =>
        paces.of(planFetches(graph, fetches), [{ tensor: x, array: { size } as never }]);
      expect(of([one, two], 1000)).toBe(of([one, two], 1010));
      expect(of([one, two], 1000)).not.toBe(of([one], 1000));
      expect(of(one, 1000)).not.toBe(of(one.op, 1000));
      expect(of([one, two], 1000)).not.toBe(of([one, two], 10_000));
    });
  });

  it('are forgotten where a program fetches ever new things', () => {
    const graph = new Graph();
    const first: Tensor = graph.asDefault(() => constant(0));
    const paces = new Paces();
    paces.of(planFetches(graph, first), []).took(0.1);
    const others = graph.asDefault(() => Array.from({ length: 256 }, (_, i) => constant(i)));
    for (const other of others.slice(1)) paces.of(planFetches(graph, other), []);
    expect(paces.measured).toHaveLength(1);
    paces.of(planFetches(graph, others[0]), []);
    expect(paces.measured).toHaveLength(0);
  });
});

describe('an awaited run', () => {
  it('of less than two milliseconds is computed in the thread that calls, and the session says so', async () => {
    const { session, count, counter } = await counting();
    const run = session.run(count);
    expect(session.runSync(counter)).toBe(1);
    await run;
    expect(session.threads.awaited).toEqual([
      { fetches: [count.name], milliseconds: expect.any(Number), thread: 'caller' },
    ]);
  });

  it('lets timers have their turn all the same', async () => {
    const { session, count } = await counting();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    for (let i = 0; i < 1e5 && ticks < 5; i++) await session.run(count);
    clearInterval(timer);
    expect(ticks).toBe(5);
  });

  it('lets timers have their turn where it fails', async () => {
    const { session, graph } = await counting();
    const wrong = graph.asDefault(() => applyOne('CheckNumerics', [constant(Number.NaN)], { message: 'on purpose' }));
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 20);
    let failed = 0;
    while (!isOver) await session.run(wrong).catch(() => failed++);
    expect(failed).toBeGreaterThan(0);
  });

  it('is computed in another thread while one is under way', async () => {
    const { session, count, counter } = await counting();
    const runs = [session.run(count), session.run(count)];
    expect(session.runSync(counter)).toBeLessThanOrEqual(2);
    await Promise.all(runs);
    expect(await session.run(counter)).toBe(2);
  });

  it('that is longer is computed in another thread', async () => {
    const graph = new Graph();
    const product = graph.asDefault(() => {
      const x = applyOne('RandomUniform', [constant([700, 700], { dtype: 'int32' })], { dtype: 'float32' });
      return applyOne('Sum', [applyOne('MatMul', [x, x]), constant([0, 1], { dtype: 'int32' })]);
    });
    const session = new Session({ graph });
    sessions.push(session);
    for (let i = 0; i < 4; i++) await session.run(product);
    expect(session.threads.awaited).toMatchObject([{ fetches: [product.name], thread: 'other' }]);
  });

  it('goes where it is told to', async () => {
    const { session, count, counter, init } = await counting();
    const fetches = [count, counter.op];
    const first = session.run(fetches, [], { thread: 'caller' });
    expect(session.runSync(counter)).toBe(1);
    await first;
    session.runSync(init);
    let isDone = false;
    const others = Array.from({ length: 5 }, () => session.run(count, [], { thread: 'other' }));
    Promise.all(others).then(() => {
      isDone = true;
    });
    await Promise.resolve();
    expect(isDone).toBe(false);
    await Promise.all(others);
    expect(session.runSync(counter)).toBe(5);
  });

  it('is refused in the thread that calls where it may wait, and so is a thread that there is none of', async () => {
    const graph = new Graph();
    const front = graph.asDefault(() => {
      const [queue] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'] }).outputs;
      return graph.createOperation('QueueDequeueV2', [queue!], { component_types: ['float32'] });
    });
    const session = new Session({ graph });
    sessions.push(session);
    await expect(session.run(front, [], { thread: 'caller' })).rejects.toThrow(InvalidArgumentError);
    await expect(session.run(front, [], { thread: 'main' as never })).rejects.toThrow(
      "option 'thread' is one of 'caller', 'other', not 'main'",
    );
    expect(() => session.runSync(front, [], { thread: 'other' } as never)).toThrow("there is no option 'thread'");
  });

  it('keeps its time limit, in another thread', async () => {
    const { session, count } = await counting();
    const run = session.run(count, [], { options: { timeoutInMs: 5000 } });
    await later(0);
    expect(await run).toBe(1);
  });
});
