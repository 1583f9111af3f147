/** For tests: symbolic gradients against those that libtensorflow itself builds, for the operations that it can. */
import { expect } from 'vitest';
import { capi } from '../runtime/capi';
import type { FloatDType } from '../runtime/dtypes';
import { type ArrayLike, HostArray, toHostArray } from '../runtime/hostArray';
import { checked } from '../runtime/status';
import { gradients } from '../tf/gradients';
import { Graph, packOutputs } from '../tf/graph/graph';
import type { Tensor } from '../tf/graph/tensor';
import { placeholder } from '../tf/ops/constants';
import { Session } from '../tf/session';
import { asBuilt } from './checkGradients';

/**
 * Builds a function of `inputs` and expects its gradients with respect to each to be those of `TF_AddGradients`. The
 * output is weighted unevenly first, so that a gradient that mixes up elements is noticed.
 *
 * @param build the function, of one tensor for each of `inputs`
 *
 * @example
 * checkNativeGradients((x) => tile(x, [2, 3]), [[[1, 2]]]);
 */
export function checkNativeGradients<D extends FloatDType = 'float64'>(
  build: (...inputs: Tensor<D>[]) => Tensor,
  inputs: readonly ArrayLike[],
  dtype: D = 'float64' as D,
): void {
  const values = inputs.map((input) => toHostArray(input, dtype));
  const graph = new Graph();
  const { xs, y, weights, ours } = graph.asDefault(() => {
    const xs = values.map(({ shape }) => placeholder(dtype, shape)) as Tensor<D>[];
    const y = build(...xs);
    const weights = placeholder(dtype);
    return { xs, y, weights, ours: gradients(y, xs, { gradYs: [weights], unconnectedGradients: 'zero' }) };
  });
  const theirs = addNativeGradients(graph, y, xs, weights);

  const session = new Session({ graph, config: asBuilt });
  const feeds = xs.map((x, i) => [x, values[i]!] as const);
  const { shape, size } = toHostArray(session.runSync(y, feeds) as ArrayLike, dtype);
  const weight = Float64Array.from({ length: size }, (_, i) => Math.sin(1 + 2 * i));
  const scale = new HostArray(dtype, shape, (dtype === 'float64' ? weight : Float32Array.from(weight)) as never);
  const read = (value: unknown): HostArray => toHostArray(value as ArrayLike, dtype);
  const results = session.runSync([ours as Tensor[], theirs], [...feeds, [weights, scale as ArrayLike]]);
  for (const i of xs.keys()) {
    const [actual, expected] = [read(results[0][i]), read(results[1][i])];
    expect(actual.shape, `shape of gradient ${i}`).toEqual(expected.shape);
    for (const [j, value] of expected.data.entries())
      expect(actual.data[j], `gradient ${i}, element ${j}`).toBeCloseTo(value as number, dtype === 'float64' ? 10 : 4);
  }
  session.close();
}

/** Adds to a graph what `TF_AddGradients` makes, as another language's program may. */
export function addNativeGradients(graph: Graph, y: Tensor, xs: readonly Tensor[], weights: Tensor): Tensor[] {
  const outputs = new BigInt64Array(2 * xs.length);
  checked((status) => {
    const given = packOutputs([weights]);
    const to = packOutputs([y]);
    const from = packOutputs(xs);
    capi().addGradientsWithPrefix(
      graph.pointer,
      graph.uniqueName('native'),
      to,
      1,
      from,
      xs.length,
      given,
      status,
      outputs,
    );
  });
  graph.adoptNew();
  return xs.map((_, i) => graph.operationAt(outputs[2 * i]!).outputs[Number(outputs[2 * i + 1])] as Tensor);
}
