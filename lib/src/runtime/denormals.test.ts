import { expect, it } from 'vitest';
import { Graph } from '../tf/graph/graph';
import { constant, placeholder } from '../tf/ops/constants';
import { mul } from '../tf/ops/elementwise/binary';
import { Session } from '../tf/session';

const threads = [
  { interOpParallelismThreads: -1, intraOpParallelismThreads: 1 },
  { interOpParallelismThreads: 2, intraOpParallelismThreads: 2 },
];

it.each(threads)('products too small for a float are 0 in every thread, as in Python (%o)', async (config) => {
  const graph = new Graph();
  const { x, product, folded } = graph.asDefault(() => {
    const x = placeholder('float32', []);
    return { x, product: mul(x, 1e-10), folded: mul(constant(1e-30), 1e-10) };
  });
  const session = new Session({ graph, config });
  expect(session.runSync([product, folded], [[x, 1e-30]])).toEqual([0, 0]);
  expect(await session.run([product, folded], [[x, 1e-30]])).toEqual([0, 0]);
  await session.close();
});

it("JavaScript's own are not", async () => {
  const graph = new Graph();
  const { x, failing } = graph.asDefault(() => ({
    x: placeholder('float32', []),
    failing: placeholder('float32', []),
  }));
  const session = new Session({ graph });
  const tiny = () => Number.MIN_VALUE * (1 + Math.random() * 0);
  session.runSync(mul(x, 2), [[x, 1]]);
  expect(tiny() * 3).toBe(1.5e-323);
  expect(() => session.runSync(failing)).toThrow('You must feed a value');
  expect(tiny() * 3).toBe(1.5e-323);
  await session.run(mul(x, 2), [[x, 1]]);
  expect(tiny() * 3).toBe(1.5e-323);
  await session.close();
});
