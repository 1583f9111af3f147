import { afterEach, describe, expect, it, vi } from 'vitest';
import { Graph } from '../graph/graph';
import { applyOne } from '../ops/apply';
import { placeholder } from '../ops/constants';
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

  it('gives way to what a session is told', () => {
    vi.stubEnv('TF_NUM_INTRAOP_THREADS', '1');
    expect(chooseThreads(convolution(), { intraOpParallelismThreads: 4 })).toMatchObject({ intraOp: 4 });
  });
});
