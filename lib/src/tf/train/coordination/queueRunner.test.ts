import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CancelledError, DataLossError, errorOf, InvalidArgumentError, OutOfRangeError } from '../../../runtime/errors';
import { sessionsOn } from '../../../testing/graphs';
import { repetitions } from '../../../testing/repetitions';
import { GraphKeys } from '../../graph/collections';
import { Graph } from '../../graph/graph';
import { Operation } from '../../graph/operation';
import type { Tensor } from '../../graph/tensor';
import { constant, placeholder } from '../../ops/constants';
import { FIFOQueue } from '../../ops/dataFlow';
import { globalVariablesInitializer, Variable } from '../../ops/variables';
import { Session } from '../../session';
import { exportMetaGraph } from '../metaGraph';
import { importMetaGraph } from '../saver';
import { addQueueRunner, Coordinator, QueueRunner, startQueueRunners } from '.';

const on = sessionsOn();

/** A queue of numbers that counts up, with a runner of `tasks` tasks; from `limit` on it fails with an `OutOfRangeError`. */
function counting(graph: Graph, { capacity = 4, tasks = 1, limit = Number.POSITIVE_INFINITY } = {}) {
  const queue = new FIFOQueue(capacity, 'float32', { shapes: [[]] });
  const source = new FIFOQueue(-1, 'float32', { shapes: [[]] });
  const numbers = Array.from({ length: Math.min(limit, 1000) }, (_, i) => i);
  const fill = source.enqueueMany([numbers]);
  const end = source.close();
  const put = queue.enqueue(source.dequeue());
  const runner = new QueueRunner(queue, Array<Operation>(tasks).fill(put));
  expectTypeOf(queue.dequeue()).toEqualTypeOf<Tensor<'float32', 'scalar'>>();
  return { queue, fill, end, runner, take: queue.dequeue(), size: queue.size(), closed: queue.isClosed(), graph };
}

describe('a queue runner', () => {
  it('keeps a queue filled, and closes it when what fills it has ended', async () => {
    const [q, session] = on((graph) => counting(graph, { tasks: 2, limit: 20 }));
    session.runSync([q.fill]);
    session.runSync([q.end]);
    const coord = new Coordinator();
    const tasks = q.runner.createThreads(session, { coord, start: true });
    expect(tasks.map(({ name }) => name)).toEqual([
      'QueueRunnerThread-fifo_queue-fifo_queue_enqueue',
      'QueueRunnerThread-fifo_queue-fifo_queue_enqueue',
      'QueueRunnerThread-fifo_queue-close_on_stop',
    ]);
    const taken: number[] = [];
    for (let i = 0; i < 20; i++) taken.push(await session.run(q.take));
    expect(taken.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    await expect(session.run(q.take)).rejects.toThrow(OutOfRangeError);
    await coord.join(tasks);
    expect(coord.shouldStop()).toBe(false);
  });

  it('ends when its coordinator stops, though it waits for room', async () => {
    const [q, session] = on((graph) => counting(graph));
    session.runSync(q.fill);
    const coord = new Coordinator();
    q.runner.createThreads(session, { coord, start: true });
    while (session.runSync(q.size) < 4) await session.run(q.size);
    coord.requestStop();
    await coord.join([], { stopGracePeriodSecs: 30 });
    expect(session.runSync(q.closed)).toBe(true);
  });

  it('ends when its session is closed', async () => {
    const [q, session] = on((graph) => counting(graph));
    const coord = new Coordinator();
    q.runner.createThreads(session, { coord, start: true }); // waits for the source
    const other = new Session({ graph: q.graph });
    const alone = q.runner.createThreads(other, { start: true });
    await session.run(q.size);
    await Promise.all([session.close(), other.close()]);
    await coord.join([], { stopGracePeriodSecs: 30 });
    await Promise.all(alone);
    expect([coord.shouldStop(), q.runner.exceptionsRaised]).toEqual([true, []]);
  });

  it('tells its coordinator of errors, and without one keeps them', async () => {
    const [{ runner }, session] = on(() => {
      const queue = new FIFOQueue(4, 'float32', { shapes: [[]] });
      return { runner: new QueueRunner(queue, [queue.enqueue(placeholder('float32', []))]) };
    });
    const coord = new Coordinator();
    runner.createThreads(session, { coord, start: true });
    await expect(coord.join()).rejects.toThrow('You must feed a value for placeholder');
    await Promise.all(runner.createThreads(session, { start: true }));
    expect(runner.exceptionsRaised).toHaveLength(1);
    expect(runner.exceptionsRaised[0]).toBeInstanceOf(InvalidArgumentError);
  });

  it('makes no more tasks for a session while the first ones run', async () => {
    const [q, session] = on((graph) => counting(graph));
    session.runSync(q.fill);
    const coord = new Coordinator();
    const tasks = q.runner.createThreads(session, { coord });
    expect(q.runner.createThreads(session, { coord, start: true })).toEqual([]);
    for (const task of tasks) task.start();
    coord.requestStop();
    await coord.join();
    expect(q.runner.createThreads(session, { coord })).toHaveLength(2);
    await coord.join(); // begins what hasn't begun; a stop was requested
  });

  it('knows which errors mean that a queue is closed', async () => {
    const [{ runner, stop }, session] = on(() => {
      const queue = new FIFOQueue(4, 'float32', { shapes: [[]] });
      const types = [OutOfRangeError, CancelledError];
      const stop = queue.close();
      return { runner: new QueueRunner(queue, [queue.enqueue(1)], { queueClosedExceptionTypes: types }), stop };
    });
    session.runSync(stop);
    const coord = new Coordinator();
    runner.createThreads(session, { coord, start: true });
    await coord.join();
    expect(coord.shouldStop()).toBe(false);
  });

  it('refuses what fills nothing, and what is none of its graph', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const queue = new FIFOQueue(4, 'float32', { shapes: [[]] });
      expect(() => new QueueRunner(queue, [])).toThrow("nothing fills the queue 'fifo_queue'");
      expect(() => new QueueRunner({} as never, [queue.enqueue(1)])).toThrow('what is filled is a queue');
      const foreign = new Graph().asDefault(() => constant(1));
      expect(() => new QueueRunner(queue, [foreign])).toThrow('belongs to another graph');
      const types = { queueClosedExceptionTypes: [RangeError] };
      expect(() => new QueueRunner(queue, [queue.enqueue(1)], types)).toThrow('class RangeError is none of tf.errors');
      const runner = new QueueRunner(queue, [queue.enqueue(1)]);
      const other = new Session({ graph: new Graph() });
      expect(() => runner.createThreads(other)).toThrow('belongs to another graph');
      expect(() => runner.createThreads({} as never)).toThrow('what runs the queue is a session');
      expect(() => addQueueRunner({} as never)).toThrow('tf.train.QueueRunner');
    });
  });
});

describe('startQueueRunners', () => {
  it('starts all of the graph, in whatever collection they are', async () => {
    const [{ first, second }, session] = on(() => {
      const first = new FIFOQueue(2, 'float32', { shapes: [[]] });
      const second = new FIFOQueue(2, 'float32', { shapes: [[]] });
      addQueueRunner(new QueueRunner(first, [first.enqueue(1)]));
      addQueueRunner(new QueueRunner(second, [second.enqueue(2)]), 'mine');
      return { first: first.dequeue(), second: second.dequeue() };
    });
    const coord = new Coordinator();
    const tasks = startQueueRunners({ sess: session, coord });
    tasks.push(...startQueueRunners({ sess: session, coord, collection: 'mine' }));
    expect(await session.run([first, second])).toEqual([1, 2]);
    coord.requestStop();
    await coord.join(tasks);
  });

  it('starts them again and again, and nothing is left over', async () => {
    for (let i = 0; i < repetitions(5, 100); i++) {
      const [q, session] = on((graph) => counting(graph, { tasks: 3 }));
      const coord = new Coordinator();
      session.runSync(q.fill);
      q.runner.createThreads(session, { coord, start: true });
      const takes = Array.from({ length: 10 }, () => session.run(q.take));
      await Promise.all(takes);
      if (i % 2 === 0) await session.close();
      else coord.requestStop(i % 4 === 1 ? errorOf(15, 'lost') : undefined);
      const joined = coord.join([], { stopGracePeriodSecs: 30 });
      await (i % 4 === 1 ? expect(joined).rejects.toThrow(DataLossError) : joined);
    }
  });

  it(
    "doesn't keep a process alive that has nothing else to do, but one that waits for its coordinator",
    () => {
      const program = (end: string) => `
      const { tf } = require(${JSON.stringify(path.join(__dirname, '../../../../dist'))});
      const queue = new tf.FIFOQueue(2, 'float32', { shapes: [[]] });
      const read = new tf.FIFOQueue(2, 'float32', { shapes: [[]] });
      tf.train.addQueueRunner(new tf.train.QueueRunner(queue, [queue.enqueue(read.dequeue())]));
      const [fill, close, take] = [read.enqueueMany([[7, 8]]), read.close(), queue.dequeue()];
      const session = new tf.Session();
      const coord = new tf.train.Coordinator();
      tf.train.startQueueRunners({ sess: session, coord });
      session.run(fill).then(() => session.run(take)).then(async (value) => {
        console.log('took', value);
        ${end}
      });`;
      const ends = ['', "setTimeout(() => session.run(close), 50); await coord.join(); console.log('joined');"];
      // A run that returned while Node tore down its environment once ended the process by SIGABRT, one time in three.
      for (let i = 0; i < repetitions(2, 100); i++) {
        const spawned = spawnSync(process.execPath, ['-e', program(ends[i % 2]!)], {
          encoding: 'utf8',
          timeout: 60_000,
        });
        expect([spawned.status, spawned.stdout]).toEqual([0, i % 2 ? 'took 7\njoined\n' : 'took 7\n']);
      }
    },
    repetitions(60_000, 3_600_000),
  );
});

describe('a MetaGraphDef', () => {
  it('holds queue runners, and gives them back, under a scope too', async () => {
    const graph = new Graph();
    const bytes = graph.asDefault(() => {
      const queue = new FIFOQueue(2, 'float32', { shapes: [[]], name: 'numbers' });
      addQueueRunner(
        new QueueRunner(queue, [queue.enqueue(new Variable(3))], {
          queueClosedExceptionTypes: [OutOfRangeError, CancelledError],
        }),
      );
      queue.dequeue({ name: 'number' });
      globalVariablesInitializer({ name: 'init' });
      return exportMetaGraph();
    });
    for (const importScope of [undefined, 'again']) {
      const other = new Graph();
      importMetaGraph(bytes, { graph: other, importScope });
      const scope = importScope ? `${importScope}/` : '';
      const [runner] = other.getCollection(GraphKeys.QUEUE_RUNNERS);
      expect(runner).toBeInstanceOf(QueueRunner);
      expect(runner!.queue).toBeInstanceOf(Operation);
      expect([runner!.name, runner!.enqueueOps[0]!.name]).toEqual([`${scope}numbers`, `${scope}numbers_enqueue`]);
      expect(runner!.queueClosedExceptionTypes).toEqual([OutOfRangeError, CancelledError]);
      expect(runner!.toProto(importScope)).toEqual({
        queueName: 'numbers',
        enqueueOpName: ['numbers_enqueue'],
        closeOpName: 'numbers_Close',
        cancelOpName: 'numbers_Close_1',
        queueClosedExceptionTypes: [11, 1],
      });
      expect(runner!.toProto('elsewhere')).toBeNull();
      await using session = new Session({ graph: other });
      session.runSync(`${scope}init`);
      const coord = new Coordinator();
      startQueueRunners({ sess: session, coord });
      expect(await session.run(`${scope}number:0`)).toBe(3);
      coord.requestStop();
      await coord.join();
    }
  });

  it('of a scope names what is in it', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const queue = graph.nameScope('input', () => new FIFOQueue(2, 'float32'));
      const runner = new QueueRunner(queue, [queue.enqueue(1, { name: 'input/put/' })]);
      const proto = runner.toProto('input')!;
      expect([proto.queueName, proto.enqueueOpName]).toEqual(['fifo_queue', ['put']]);
      expect(() => QueueRunner.fromProto(proto)).toThrow("no operation named 'fifo_queue'");
      expect(() => QueueRunner.fromProto(undefined as never)).toThrow(InvalidArgumentError);
    });
  });
});
