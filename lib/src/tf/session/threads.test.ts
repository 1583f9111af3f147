import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError } from '../../runtime/errors';
import { Graph } from '../graph/graph';
import { applyOne } from '../ops/apply';
import { placeholder } from '../ops/constants';
import { Session } from './session';
import { chooseThreads } from './threads';

afterEach(() => vi.unstubAllEnvs());

/** A graph that is worth every core. */
function convolution(): Graph {
  const graph = new Graph();
  graph.asDefault(() =>
    applyOne('Conv2D', [placeholder('float32', [8, 28, 28, 1]), placeholder('float32', [5, 5, 1, 4])], {
      strides: [1, 1, 1, 1],
      padding: 'SAME',
    }),
  );
  return graph;
}

describe('TF_NUM_INTRAOP_THREADS', () => {
  it.each([
    ['3', { intraOp: 3, interOp: 3 }],
    ['1', { intraOp: 1, interOp: -1, reason: "one thread, the caller's: TF_NUM_INTRAOP_THREADS allows no more" }],
  ])('of %s is how many threads a graph gets that is worth every core', (threads, expected) => {
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', threads);
    expect(chooseThreads(convolution(), {})).toMatchObject(expected);
  });

  it.each(['-1', '0', '2147483647', 'many'])('of %s says nothing', (threads) => {
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', threads);
    expect(chooseThreads(convolution(), {}).intraOp).toBe(availableParallelism());
  });

  it('gives way to what a session is told', () => {
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', '1');
    expect(chooseThreads(convolution(), { intraOpParallelismThreads: 4 })).toMatchObject({ intraOp: 4 });
  });
});

describe('A configuration', () => {
  it.each([
    [{ intraOpParallelismThreads: -1 }, 'intraOpParallelismThreads is a whole number from 0 to 1024, not -1'],
    [{ intraOpParallelismThreads: 2147483647 }, 'from 0 to 1024, not 2147483647'],
    [{ intraOpParallelismThreads: Number.NaN }, 'not NaN'],
    [{ intraOpParallelismThreads: 0.5 }, 'not 0.5'],
    [{ intraOpParallelismThreads: '2' as never }, "not '2'"],
    [{ interOpParallelismThreads: 100000 }, 'interOpParallelismThreads is a whole number from -1 to 1024'],
    [{ deviceCount: { CPU: -1 } }, 'deviceCount.CPU is a whole number from 0 to 1024'],
    [{ deviceCount: { CPU: 100000 } }, 'deviceCount.CPU'],
    [{ deviceCount: { CPU: 512 }, intraOpParallelismThreads: 512 }, '512 devices with 512 threads each'],
    [{ sessionInterOpThreadPool: [{}, { numThreads: -5 }] }, 'sessionInterOpThreadPool[1].numThreads'],
  ])('of %j is refused before libtensorflow ends the process over it', (config, message) => {
    expect(() => new Session({ graph: new Graph(), config })).toThrow(InvalidArgumentError);
    expect(() => new Session({ graph: new Graph(), config })).toThrow(message);
  });
});
