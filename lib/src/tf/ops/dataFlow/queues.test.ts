import { describe, expect, expectTypeOf, it } from 'vitest';
import { CancelledError, InvalidArgumentError, OutOfRangeError } from '../../../runtime/errors';
import { nodesOf, sessionsOn, within } from '../../../testing/graphs';
import { Graph } from '../../graph/graph';
import type { Operation } from '../../graph/operation';
import type { Scalar, Tensor } from '../../graph/tensor';
import { placeholder } from '../constants';
import { setRandomSeed } from '../random';
import { FIFOQueue, PaddingFIFOQueue, PriorityQueue, QueueBase, RandomShuffleQueue } from '.';

const on = sessionsOn();

describe('a FIFOQueue', () => {
  it('gives elements in the order in which they came, and their size', () => {
    const [q, session] = on(() => {
      const queue = new FIFOQueue(10, 'int32', { shapes: [[]] });
      return { put: queue.enqueueMany([[7, 8, 9]]), take: queue.dequeue(), size: queue.size() };
    });
    session.runSync(q.put);
    expect(session.runSync(q.size)).toBe(3);
    expect([session.runSync(q.take), session.runSync(q.take)]).toEqual([7, 8]);
    expect(session.runSync(q.size)).toBe(1);
  });

  it('holds elements of several components, with names or without', () => {
    const [q, session] = on(() => {
      const plain = new FIFOQueue(10, ['float32', 'string'], { shapes: [[2], []] });
      const named = new FIFOQueue(10, ['float32', 'string'], { shapes: [[2], []], names: ['x', 'label'] });
      const puts: Operation[] = [plain.enqueue([[1, 2], 'one']), named.enqueue({ label: 'two', x: [3, 4] })];
      const [x, label] = plain.dequeue();
      expectTypeOf(x).toEqualTypeOf<Tensor<'float32', 'array'>>();
      expectTypeOf(label).toEqualTypeOf<Scalar<'string'>>();
      const placed = new FIFOQueue(10, ['float32', 'string'], [[2], []], { name: 'placed' });
      expectTypeOf(placed.dequeue()[1]).toEqualTypeOf<Scalar<'string'>>();
      expect([placed.name, placed.shapes]).toEqual(['placed', [[2], []]]);
      const both = named.dequeue();
      expectTypeOf(both).toEqualTypeOf<{
        readonly x: Tensor<'float32', 'array'>;
        readonly label: Tensor<'string', 'scalar'>;
      }>();
      return { puts, x, label, both };
    });
    session.runSync(q.puts);
    const [x, label] = session.runSync([q.x, q.label]);
    expect([x.toArray(), String(label)]).toEqual([[1, 2], 'one']);
    const both = session.runSync({ ...q.both });
    expect([both.x.toArray(), String(both.label)]).toEqual([[3, 4], 'two']);
  });

  it('gives several elements stacked, as many as there are when it is closed', async () => {
    const [q, session] = on(() => {
      const queue = new FIFOQueue(10, 'float32', { shapes: [[2]] });
      const n = placeholder('int32', []);
      expect([queue.dequeueMany(3).shape, queue.dequeueMany(n).shape]).toEqual([
        [3, 2],
        [null, 2],
      ]);
      expect(queue.dequeueUpTo(3).shape).toEqual([null, 2]);
      const rows = [
        [1, 2],
        [3, 4],
        [5, 6],
      ];
      return {
        put: queue.enqueueMany([rows]),
        two: queue.dequeueMany(2),
        upTo: queue.dequeueUpTo(9),
        close: queue.close(),
        closed: queue.isClosed(),
        one: queue.enqueue([[0, 0]]),
      };
    });
    session.runSync(q.put);
    expect(session.runSync(q.two).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(session.runSync(q.closed)).toBe(false);
    session.runSync(q.close);
    expect(session.runSync(q.closed)).toBe(true);
    expect(session.runSync(q.upTo).toArray()).toEqual([[5, 6]]);
    await expect(session.run(q.upTo)).rejects.toThrow(OutOfRangeError);
    await expect(session.run(q.two)).rejects.toThrow(OutOfRangeError);
    await expect(session.run(q.one)).rejects.toThrow(CancelledError);
  });

  it('has what puts into it wait for room, until that is cancelled', async () => {
    const [q, session] = on(() => {
      const queue = new FIFOQueue(1, 'float32', { shapes: [[]] });
      return { put: queue.enqueue(1), take: queue.dequeue(), cancel: queue.close(true) };
    });
    await session.run(q.put);
    const second = session.run(q.put);
    expect(await session.run(q.take)).toBe(1);
    await second;
    const third = expect(session.run(q.put)).rejects.toThrow(CancelledError);
    await session.run(q.cancel);
    await third;
  });

  it('is of the processor, waits for nothing around it, and has the names of Python', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const first = placeholder('float32', []);
      graph.controlDependencies([first], () =>
        graph.device('/job:ps', () =>
          graph.nameScope('input', () => {
            const queue = new FIFOQueue(10, ['float32', 'int32'], { shapes: [[], [2]], name: 'q', sharedName: 's' });
            expect([queue.name, queue.queueRef.op.device]).toEqual(['input/q', '/job:ps/device:CPU:*']);
            expect(queue.queueRef.op.controlInputs).toEqual([]);
            expect(queue.queueRef.op.getAttribute('shared_name')).toBe('s');
            queue.enqueue([first, [1, 2]]);
          }),
        ),
      );
      const other = new FIFOQueue(-1, 'float32', { shapes: [[]] });
      other.enqueueMany([[1, 2]]);
      other.dequeueMany(3);
      other.dequeueUpTo(3);
      other.dequeue();
      other.close();
      other.isClosed();
      other.size();
      other.size({ name: 'count' });
    });
    expect(nodesOf(graph)).toEqual([
      'Placeholder Placeholder',
      'input/q FIFOQueueV2',
      'input/q_enqueue/component_1 Const',
      'input/q_enqueue QueueEnqueueV2 input/q Placeholder input/q_enqueue/component_1',
      'fifo_queue FIFOQueueV2',
      'fifo_queue_EnqueueMany/component_0 Const',
      'fifo_queue_EnqueueMany QueueEnqueueManyV2 fifo_queue fifo_queue_EnqueueMany/component_0',
      'fifo_queue_DequeueMany/n Const',
      'fifo_queue_DequeueMany QueueDequeueManyV2 fifo_queue fifo_queue_DequeueMany/n',
      'fifo_queue_DequeueUpTo/n Const',
      'fifo_queue_DequeueUpTo QueueDequeueUpToV2 fifo_queue fifo_queue_DequeueUpTo/n',
      'fifo_queue_Dequeue QueueDequeueV2 fifo_queue',
      'fifo_queue_Close QueueCloseV2 fifo_queue',
      'fifo_queue_Is_Closed QueueIsClosedV2 fifo_queue',
      'fifo_queue_Size QueueSizeV2 fifo_queue',
      'count QueueSizeV2 fifo_queue',
    ]);
  });

  it('refuses what can be no queue', () => {
    within(() => {
      expect(() => new FIFOQueue(0, 'float32')).toThrow('a whole number from 1 on, or -1');
      expect(() => new FIFOQueue(2 ** 31, 'float32')).toThrow(InvalidArgumentError);
      expect(() => new FIFOQueue(1, [])).toThrow('at least one component');
      expect(() => new FIFOQueue(1, ['float3' as 'float32'])).toThrow("not 'float3'");
      expect(() => new FIFOQueue(1, ['float32', 'int32'], { shapes: [[]] })).toThrow(
        'each of its 2 component(s), got 1',
      );
      expect(() => new FIFOQueue(1, 'float32', { shapes: [[null]] })).toThrow("[?] isn't");
      expect(() => new FIFOQueue(1, 'float32', { shapes: [[-1]] })).toThrow(InvalidArgumentError);
      expect(() => new FIFOQueue(1, ['float32', 'int32'], { names: ['x', 'x'] })).toThrow('a name of its own');
      expect(() => new FIFOQueue(1, 'float32', { shapes: [new Array(254).fill(1)] })).toThrow(
        'fewer than 254 dimensions',
      );
      expect(() => new FIFOQueue(1, 'float32', { shapes: [[2 ** 33, 0]] })).toThrow('at most 2^32 elements');
    });
  });

  it('refuses elements that are none of its own', () => {
    within(() => {
      const pair = new FIFOQueue(1, ['float32', 'int32'], { shapes: [[], [2]] });
      const named = new FIFOQueue(1, 'float32', { names: 'x' });
      const unshaped = new FIFOQueue(1, 'float32');
      expect(() => pair.enqueue([1] as never)).toThrow("queue 'fifo_queue' has 2 component(s), not 1");
      expect(() => pair.enqueue([1, placeholder('float32', [2])] as never)).toThrow('component 1 of queue');
      expect(() => pair.enqueue([1, [1, 2, 3]])).toThrow(
        "component 1 of queue 'fifo_queue' has the shape [2], not [3]",
      );
      expect(() => pair.enqueueMany([[1, 2], [[1, 2]]])).toThrow('not 2 and 1');
      expect(() => pair.enqueueMany([1, [[1, 2]]])).toThrow('is enqueued in rows');
      expect(() => named.enqueue(1 as never)).toThrow('is an object with x, not 1');
      expect(() => named.enqueue({ y: 1 } as never)).toThrow('an object with x, not one with y');
      expect(() => unshaped.dequeueMany(2)).toThrow('it has no shapes');
      expect(() => pair.dequeueMany(-1)).toThrow(InvalidArgumentError);
      expect(() => pair.dequeueMany(placeholder('int32', [2]))).toThrow(InvalidArgumentError);
      expect(() => pair.dequeueUpTo(placeholder('int32', [2]))).toThrow(InvalidArgumentError);
      // libtensorflow would end the process when this is fed a scalar.
      expect(() => unshaped.enqueueMany([placeholder('float32')])).toThrow("the rank of input 'components' is known");
      expect(unshaped.enqueueMany([placeholder('float32', [null])]).type).toBe('QueueEnqueueManyV2');
    });
  });
});

describe('a RandomShuffleQueue', () => {
  it('gives elements in the order that its seed says, and keeps some', () => {
    const take = () => {
      const [q, session] = on(() => {
        const queue = new RandomShuffleQueue(20, 2, 'int32', { shapes: [[]], seed: 7 });
        return { put: queue.enqueueMany([[...Array(10).keys()]]), take: queue.dequeueMany(8), size: queue.size() };
      });
      session.runSync(q.put);
      const taken = [...session.runSync(q.take).data];
      expect(session.runSync(q.size)).toBe(2);
      return taken;
    };
    const first = take();
    expect(first).not.toEqual([...first].sort());
    expect(take()).toEqual(first);
  });

  it('has the seeds of Python, which depend on the name that it is shared by', () => {
    within(() => {
      setRandomSeed(7);
      const seeds = (queue: QueueBase) => ['seed', 'seed2'].map((name) => Number(queue.queueRef.op.getAttribute(name)));
      expect(seeds(new RandomShuffleQueue(10, 2, 'float32', { sharedName: 'foo' }))).toEqual([7, 1723790289]);
      expect(seeds(new RandomShuffleQueue(10, 2, 'float32'))).toEqual([7, 1]);
      expect(() => new RandomShuffleQueue(2, 2, 'float32')).toThrow('from 0 on below that, not 2');
    });
  });
});

describe('a PaddingFIFOQueue', () => {
  it('pads what is taken at once with zeros', () => {
    const [q, session] = on(() => {
      const queue = new PaddingFIFOQueue(10, ['int32'], [[null]]);
      return { puts: [queue.enqueue([[1, 2, 3]]), queue.enqueue([[4]])], take: queue.dequeueMany(2) };
    });
    for (const put of q.puts) session.runSync(put);
    expect(session.runSync(q.take).toArray()).toEqual([
      [1, 2, 3],
      [4, 0, 0],
    ]);
    within(() => {
      expect(() => new PaddingFIFOQueue(1, 'int32', [null])).toThrow('known but for single dimensions');
      expect(() => new PaddingFIFOQueue(1, 'int32', undefined as never)).toThrow('a shape for each component');
    });
  });
});

describe('a PriorityQueue', () => {
  it('gives what has the least priority first', () => {
    const [q, session] = on(() => {
      const queue = new PriorityQueue(10, 'string', { shapes: [[]] });
      const [priority, text] = queue.dequeue();
      expectTypeOf(priority).toEqualTypeOf<Scalar<'int64'>>();
      expectTypeOf(text).toEqualTypeOf<Scalar<'string'>>();
      return {
        put: queue.enqueueMany([
          [3n, 1n],
          ['later', 'first'],
        ]),
        priority,
        text,
      };
    });
    session.runSync(q.put);
    const [priority, text] = session.runSync([q.priority, q.text]);
    expect([priority, String(text)]).toEqual([1n, 'first']);
  });
});

describe('QueueBase.fromList', () => {
  it('chooses a queue in each run', () => {
    const [q, session] = on(() => {
      const queues = [0, 1].map((i) => new FIFOQueue(10, 'float32', { shapes: [[2 + i]] }));
      const which = placeholder('int32', []);
      const chosen = QueueBase.fromList(which, queues);
      expect(chosen.shapes).toEqual([[null]]);
      const puts = [queues[0]!.enqueue([[1, 2]]), queues[1]!.enqueue([[1, 2, 3]])];
      return { which, puts, take: chosen.dequeue() };
    });
    session.runSync(q.puts);
    expect(session.runSync(q.take, [[q.which, 1]])).toMatchObject({ shape: [3] });
    expect(session.runSync(q.take, [[q.which, 0]])).toMatchObject({ shape: [2] });
    within(() => {
      expect(() => QueueBase.fromList(0, [])).toThrow('no queue to choose from');
      const two: QueueBase[] = [new FIFOQueue(1, 'float32'), new FIFOQueue(1, 'int32')];
      expect(() => QueueBase.fromList(0, two)).toThrow("differ in their components' dtypes");
    });
  });
});
