/** For tests: symbolic gradients against central differences. */
import { expect } from 'vitest';
import type { FloatDType } from '../runtime/dtypes';
import { type ArrayLike, type HostArray, toHostArray } from '../runtime/hostArray';
import { gradients } from '../tf/gradients';
import { Graph } from '../tf/graph/graph';
import type { Rank, Tensor } from '../tf/graph/tensor';
import { placeholder } from '../tf/ops/constants';
import { Session } from '../tf/session';

/** How to compare. */
export interface CheckOptions<D extends FloatDType> {
  /** The dtype of the inputs; `float64` where the operation's kernel allows. */
  dtype?: D;
  /** The distance of the two points of a difference: 1e-4 for float64, 1e-2 for float32. */
  delta?: number;
  /** The greatest difference allowed, relative to the gradient's size (or to 1 if that is less). */
  tolerance?: number;
  /** Feed placeholders of unknown shape, so that gradients have to work without static shapes too. */
  unknownShapes?: boolean;
}

/** The graph as it was built: to rewrite it takes half of the time of a graph that runs a few times, and others do it. */
export const asBuilt = { graphOptions: { rewriteOptions: { disableMetaOptimizer: true } } };

/**
 * Builds a function of `inputs` and expects its gradients with respect to each to be those that central differences
 * give. The outputs are weighted unevenly first, so that a gradient that mixes up elements is noticed.
 *
 * @param build the function, of one tensor for each of `inputs`
 *
 * @example
 * checkGradients((x, y) => mul(x, y), [[[1, 2], [3, 4]], [5, 6]]);
 */
export function checkGradients<D extends FloatDType = 'float64'>(
  build: (...inputs: Tensor<D>[]) => Tensor<D, Rank>,
  inputs: readonly ArrayLike[],
  options: CheckOptions<D> = {},
): void {
  const dtype = (options.dtype ?? 'float64') as D;
  const delta = options.delta ?? (dtype === 'float64' ? 1e-4 : 1e-2);
  const tolerance = options.tolerance ?? (dtype === 'float64' ? 1e-6 : 1e-2);
  const values = inputs.map((input) => toHostArray(input, dtype) as HostArray<FloatDType>);
  const graph = new Graph();
  const session = new Session({ graph, config: asBuilt });
  const { xs, y, weights, grads } = graph.asDefault(() => {
    const xs = values.map(({ shape }) => placeholder(dtype, options.unknownShapes ? null : shape)) as Tensor<D>[];
    const y = build(...xs);
    const weights = placeholder(dtype, y.shape);
    return { xs, y, weights, grads: gradients(y, xs, { gradYs: [weights], unconnectedGradients: 'zero' }) };
  });
  const feeds = () => xs.map((x, i) => [x, values[i]!] as const);
  const evaluate = () => toHostArray(session.runSync(y, feeds()) as ArrayLike, dtype) as HostArray<FloatDType>;
  const elements = (array: HostArray<FloatDType>): number[] => Array.from(array.data);

  const at = evaluate();
  const weight = toHostArray(
    elements(at).map((_, i) => Math.sin(1 + 2 * i)),
    dtype,
  ).reshape(at.shape) as HostArray<FloatDType>;
  const weighted = () => elements(evaluate()).reduce((sum, value, i) => sum + value * weight.data[i]!, 0);

  const computed = session.runSync([...grads] as Tensor[], [...feeds(), [weights, weight]]);
  for (const [i, { data, shape }] of values.entries()) {
    const gradient = toHostArray(computed[i]!, dtype) as HostArray<FloatDType>;
    expect(gradient.shape, `shape of gradient ${i}`).toEqual(shape);
    for (let j = 0; j < data.length; j++) {
      const value = data[j]!;
      data[j] = value + delta;
      const above = weighted();
      data[j] = value - delta;
      const below = weighted();
      data[j] = value;
      const expected = (above - below) / (2 * delta);
      const actual = gradient.data[j]!;
      const difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
      expect(difference, `gradient ${i}, element ${j}: ${actual}, by differences ${expected}`).toBeLessThanOrEqual(
        tolerance,
      );
    }
  }
  session.close();
}
