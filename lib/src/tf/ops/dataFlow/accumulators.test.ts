import { describe, expect, expectTypeOf, it } from 'vitest';
import { InvalidArgumentError } from '../../../runtime/errors';
import { nodesOf, sessionsOn, within } from '../../../testing/graphs';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { constant, placeholder } from '../constants';
import { IndexedSlices } from '../indexedSlices';
import { Variable } from '../variables';
import { ConditionalAccumulator, SparseConditionalAccumulator } from '.';

const on = sessionsOn();

describe('a ConditionalAccumulator', () => {
  it('gives the average of as many gradients as are asked for, and drops those of earlier steps', async () => {
    const [a, session] = on(() => {
      const accumulator = new ConditionalAccumulator('float32', { shape: [2] });
      const step = placeholder('int64', []);
      const gradient = placeholder('float32', [2]);
      const average = accumulator.takeGrad(2);
      expectTypeOf(average).toEqualTypeOf<Tensor<'float32', 'array'>>();
      expect(average.shape).toEqual([2]);
      return {
        step,
        gradient,
        average,
        apply: accumulator.applyGrad(gradient, { localStep: step }),
        count: accumulator.numAccumulated(),
      };
    });
    const apply = (step: bigint, ...gradient: number[]) =>
      session.runSync(a.apply, [
        [a.step, step],
        [a.gradient, gradient],
      ]);
    const average = session.run(a.average);
    apply(0n, 1, 2);
    expect(session.runSync(a.count)).toBe(1);
    apply(0n, 3, 6);
    expect((await average).toArray()).toEqual([2, 4]);
    apply(0n, 100, 100); // a step that is over
    expect(session.runSync(a.count)).toBe(0);
    apply(1n, 5, 5);
    apply(2n, 7, 7);
    expect(session.runSync(a.average).toArray()).toEqual([6, 6]);
  });

  it('begins at the step that it is set to, and sums where that is asked for', () => {
    const [a, session] = on(() => {
      const accumulator = new ConditionalAccumulator('float64', { shape: [], reductionType: 'SUM' });
      const at = (localStep: number) => accumulator.applyGrad(2.5, { localStep });
      return { set: accumulator.setGlobalStep(5), late: at(4), right: at(5), sum: accumulator.takeGrad(2) };
    });
    session.runSync(a.set);
    for (const apply of [a.late, a.right, a.right]) session.runSync(apply);
    expect(session.runSync(a.sum)).toBe(5);
  });

  it('refuses other dtypes and shapes, and what would end the process', () => {
    within(() => {
      expect(() => new ConditionalAccumulator('int32' as 'float32')).toThrow(
        'float16, float32, float64 are accumulated',
      );
      const accumulator = new ConditionalAccumulator('float32', { shape: [2] });
      expect(() => accumulator.applyGrad([1, 2, 3])).toThrow('takes no gradient of shape [3]');
      expect(() => accumulator.applyGrad(constant([1, 2], { dtype: 'float64' }) as never)).toThrow(
        "the gradients of 'conditional_accumulator' are of float32, not of float64",
      );
      for (const localStep of [placeholder('int64', [2]), placeholder('int64')])
        expect(() => accumulator.applyGrad([1, 2], { localStep })).toThrow("input 'local_step' is a scalar");
      expect(() => accumulator.applyGrad([1, 2], { localStep: constant(1) as never })).toThrow('is a whole number');
      expect(() => accumulator.takeGrad(0)).toThrow('from 1 on');
      expect(() => accumulator.takeGrad(placeholder('int32'))).toThrow("input 'num_required' is a scalar");
      expect(() => accumulator.setGlobalStep(placeholder('int64', [1]))).toThrow("input 'new_global_step' is a scalar");
      const graph = accumulator.accumulatorRef.graph;
      const take = [accumulator.accumulatorRef, constant(1, { dtype: 'int32' })];
      expect(() => graph.createOperation('ResourceAccumulatorTakeGradient', take, { dtype: 'float64' })).toThrow(
        InvalidArgumentError,
      );
    });
  });
});

describe('a SparseConditionalAccumulator', () => {
  it('gives the average of rows', () => {
    const [a, session] = on(() => {
      const accumulator = new SparseConditionalAccumulator('float32', { shape: [3, 2] });
      const first = new IndexedSlices<'float32'>([[1, 2]], [1], [3, 2]);
      const average = accumulator.takeIndexedSlicesGrad(2);
      expectTypeOf(average).toEqualTypeOf<IndexedSlices<'float32'>>();
      expect(average.values.shape).toEqual([null, 2]);
      return {
        puts: [
          accumulator.applyIndexedSlicesGrad(first),
          accumulator.applyGrad([0, 1], [[5, 5], [3, 6]]), // biome-ignore format: two rows
        ],
        count: accumulator.numAccumulated(),
        average,
        set: accumulator.setGlobalStep(2),
      };
    });
    session.runSync(a.puts);
    expect(session.runSync(a.count)).toBe(2);
    const { indices, values, denseShape } = session.runSync(a.average);
    expect(indices.toArray()).toEqual([0n, 1n]);
    // A row is divided by the number of gradients that have it.
    expect(values.toArray()).toEqual([[5, 5], [2, 4]]); // biome-ignore format: two rows
    expect(denseShape?.toArray()).toEqual([3n, 2n]);
    session.runSync(a.set);
    session.runSync(a.puts);
    expect(session.runSync(a.count)).toBe(0);
  });

  it('refuses gradients of another dtype, which would end the process', () => {
    within(() => {
      const accumulator = new SparseConditionalAccumulator('float32');
      const values = placeholder('float64', [1, 2]);
      expect(() => accumulator.applyGrad([0], values as never)).toThrow('are of float32, not of float64');
      expect(() => accumulator.applyGrad([0], [[1]], { localStep: placeholder('int64') })).toThrow("'local_step'");
    });
  });
});

describe('accumulators', () => {
  it('have the names of Python', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const dense = new ConditionalAccumulator('float32', { shape: [2], name: 'acc' });
      dense.applyGrad([1, 2], { localStep: 3 });
      dense.takeGrad(2);
      dense.numAccumulated();
      dense.setGlobalStep(new Variable(0, { dtype: 'int64' }));
      const sparse = new SparseConditionalAccumulator('float32');
      sparse.applyGrad([1], [[1, 2]], { localStep: 2 });
      sparse.takeGrad(2);
      sparse.takeIndexedSlicesGrad(1);
      sparse.numAccumulated();
      sparse.setGlobalStep(4);
    });
    expect(nodesOf(graph)).toEqual([
      'acc ResourceConditionalAccumulator',
      'Const Const',
      'Const_1 Const',
      'Cast Cast Const_1',
      'ResourceAccumulatorApplyGradient ResourceAccumulatorApplyGradient acc Cast Const',
      'ResourceAccumulatorTakeGradient/num_required Const',
      'ResourceAccumulatorTakeGradient ResourceAccumulatorTakeGradient acc ResourceAccumulatorTakeGradient/num_required',
      'acc_NumAccumulated ResourceAccumulatorNumAccumulated acc',
      'Variable/initial_value Const',
      'Variable VariableV2',
      'Variable/Assign Assign Variable Variable/initial_value',
      'Variable/read Identity Variable',
      'ResourceAccumulatorSetGlobalStep ResourceAccumulatorSetGlobalStep acc Variable/read',
      'sparse_conditional_accumulator SparseConditionalAccumulator',
      'Const_2 Const',
      'Cast_1 Cast Const_2',
      'Cast_2/x Const',
      'Cast_2 Cast Cast_2/x',
      'Cast_3/x Const',
      'Cast_3 Cast Cast_3/x',
      'SparseAccumulatorApplyGradient/gradient_values Const',
      'SparseAccumulatorApplyGradient SparseAccumulatorApplyGradient sparse_conditional_accumulator Cast_1 Cast_2 SparseAccumulatorApplyGradient/gradient_values Cast_3',
      'SparseAccumulatorTakeGradient/num_required Const',
      'SparseAccumulatorTakeGradient SparseAccumulatorTakeGradient sparse_conditional_accumulator SparseAccumulatorTakeGradient/num_required',
      'SparseAccumulatorTakeGradient_1/num_required Const',
      'SparseAccumulatorTakeGradient_1 SparseAccumulatorTakeGradient sparse_conditional_accumulator SparseAccumulatorTakeGradient_1/num_required',
      'sparse_conditional_accumulator_NumAccumulated AccumulatorNumAccumulated sparse_conditional_accumulator',
      'Const_3 Const',
      'Cast_4 Cast Const_3',
      'AccumulatorSetGlobalStep AccumulatorSetGlobalStep sparse_conditional_accumulator Cast_4',
    ]);
  });
});
