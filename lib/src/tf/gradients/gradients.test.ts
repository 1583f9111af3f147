// In a process of its own: the gradients that it registers stay.
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../runtime/errors';
import { checkGradients } from '../../testing/checkGradients';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { constant, placeholder } from '../ops/constants';
import { add, exp, mul, square } from '../ops/elementwise';
import { greater } from '../ops/elementwise/comparison';
import { unstack } from '../ops/joining';
import { matmul } from '../ops/matmul';
import { reduceSum } from '../ops/reduce';
import { Variable } from '../ops/variables';
import { Session } from '../session';
import { gradients } from './gradients';
import { registerGradient } from './registry';

function inGraph<T>(build: (graph: Graph) => T): T {
  const graph = new Graph();
  return graph.asDefault(() => build(graph));
}

const evaluate = (tensor: Tensor | null) => new Session({ graph: tensor!.graph }).runSync(tensor!);

describe('gradients', () => {
  it('flow over every path, and are summed where paths meet', () => {
    checkGradients(
      (x) => add(mul(x, exp(x)), square(x)),
      [
        [
          [0.5, -1],
          [2, 0.1],
        ],
      ],
    );
  });

  it('are those of the sum of all ys', () => {
    inGraph(() => {
      const x = constant(3);
      const [dx] = gradients([square(x), mul(x, 5)], [x]);
      expect(evaluate(dx)).toBe(11);
    });
  });

  it('begin with gradYs where given', () => {
    inGraph(() => {
      const x = constant([1, 2]);
      const [dx] = gradients([square(x), mul(x, 5)], [x], { gradYs: [[10, 100], null] });
      expect(evaluate(dx)).toMatchObject({ data: new Float32Array([25, 405]) });
      expect(() => gradients(x, [x], { gradYs: [[1, 2, 3]] })).toThrow(/gradYs\[0\] is .*which can't be a gradient of/);
    });
  });

  it('of a tensor with respect to itself are ones, and null where nothing depends on it', () => {
    inGraph(() => {
      const [x, other] = [constant([1, 2]), constant([3, 4])];
      const [dx, dOther] = gradients(x, [x, other]);
      expect(evaluate(dx)).toMatchObject({ data: new Float32Array([1, 1]) });
      expect(dOther).toBeNull();
      const [zeros] = gradients(x, [other], { unconnectedGradients: 'zero' });
      expect(evaluate(zeros)).toMatchObject({ data: new Float32Array([0, 0]) });
    });
  });

  it('can be taken of gradients', () => {
    inGraph(() => {
      const x = constant(2);
      const [dx] = gradients(mul(square(x), x), [x]);
      const [ddx] = gradients(dx!, [x]);
      expect([evaluate(dx), evaluate(ddx)]).toEqual([12, 12]);
    });
  });

  it('stop at stopGradients', () => {
    inGraph(() => {
      const x = constant(3);
      const a = mul(x, 2);
      const b = add(a, x);
      const [through] = gradients(mul(a, b), [x]);
      const [stopped] = gradients(mul(a, b), [x], { stopGradients: [a] });
      expect([evaluate(through), evaluate(stopped)]).toEqual([36, 6]);
    });
  });

  it('with respect to an inner tensor pass on to what it depends on', () => {
    inGraph(() => {
      const x = constant(3);
      const y = square(x);
      const [dx, dy] = gradients(square(y), [x, y]);
      expect([evaluate(dx), evaluate(dy)]).toEqual([108, 18]);
    });
  });

  it('of an output that nothing depends on are zeros', () => {
    checkGradients(
      (x) => square(unstack(x)[1]!),
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    );
  });

  it('reach variables through what reads them', () => {
    inGraph((graph) => {
      const w = new Variable([[1], [2]], { name: 'w' });
      const [dw] = gradients(reduceSum(matmul([[3, 4]], w)), [w]);
      const session = new Session({ graph });
      session.runSync(w.initializer);
      expect(session.runSync(dw!)).toMatchObject({ shape: [2, 1], data: new Float32Array([3, 4]) });
    });
  });

  it("are named by TensorFlow 1's rule", () => {
    inGraph((graph) => {
      const x = placeholder('float32', [2, 3], { name: 'x' });
      const y = graph.nameScope('layer', () => matmul(x, placeholder('float32', [3, 4], { name: 'w' })));
      const known = new Set(graph.operations);
      gradients(y, [x, graph.getTensorByName('layer/w:0')], { gateGradients: true });
      gradients(y, [x]);
      const names = graph.operations.filter((operation) => !known.has(operation)).map(({ name }) => name);
      expect(names).toEqual([
        'gradients/Shape',
        'gradients/grad_ys_0/Const',
        'gradients/grad_ys_0',
        'gradients/layer/MatMul_grad/MatMul',
        'gradients/layer/MatMul_grad/MatMul_1',
        'gradients/layer/MatMul_grad/tuple/group_deps',
        'gradients/layer/MatMul_grad/tuple/control_dependency',
        'gradients/layer/MatMul_grad/tuple/control_dependency_1',
        'gradients_1/Shape',
        'gradients_1/grad_ys_0/Const',
        'gradients_1/grad_ys_0',
        'gradients_1/layer/MatMul_grad/MatMul',
        'gradients_1/layer/MatMul_grad/MatMul_1',
      ]);
    });
  });

  it('say which operation has none, and on which path', () => {
    inGraph(() => {
      const x = constant([1, 2], { name: 'x' });
      const odd = applyOne('Betainc', [x, x, x], {}, 'odd');
      expect(() => gradients(reduceSum(square(odd), { name: 'total' }), [x])).toThrow(
        "no gradient is registered for Betainc (operation 'odd'); tf.registerGradient('Betainc', …) adds one; it is on the path total ← Square ← odd",
      );
    });
  });

  it('can be registered, and registered again', () => {
    inGraph(() => {
      const x = constant(2);
      for (const factor of [3, 5]) {
        registerGradient('Lgamma', (_op, grad) => [mul(grad as Tensor<'float32'>, factor)]);
        const [dx] = gradients(applyOne('Lgamma', [x]), [x]);
        expect(evaluate(dx)).toBe(factor);
      }
      registerGradient('Lgamma', () => []);
      expect(() => gradients(applyOne('Lgamma', [x]), [x])).toThrow('gave 0 gradient(s) for the 1 input(s)');
      const elsewhere = new Graph().asDefault(() => constant(1));
      for (const given of [
        null,
        undefined,
        'x',
        5,
        Symbol('x'),
        x,
        [undefined],
        ['x'],
        [1],
        [elsewhere],
        [constant([1, 2, 3, 4])],
      ]) {
        registerGradient('Lgamma', () => given as never);
        const called = () => gradients(applyOne('Lgamma', [x]), [x]);
        expect(called).toThrow(InvalidArgumentError);
        if (!Array.isArray(given))
          expect(called).toThrow('the gradient of Lgamma gives an array with a tensor or null');
      }
      for (const given of [null, 'x', [], {}])
        expect(() => registerGradient('Lgamma', given as never)).toThrow('is a function');
    });
  });

  it('are built in the graph of their tensors, whichever is the default', () => {
    const x = inGraph(() => placeholder('float32', [3], { name: 'x' }));
    const y = applyOne('SelectV2', [greater(x, 0), x, 1]);
    const [gradient] = gradients(y, x);
    expect(new Session({ graph: x.graph }).runSync(gradient!, [[x, [1, -1, 2]]]).toArray()).toEqual([1, 0, 1]);
  });

  it('need a floating-point tensor of the same graph', () => {
    inGraph(() => {
      const x = constant(1, { dtype: 'int32', name: 'x' });
      expect(() => gradients(x, [x])).toThrow("'x:0' has no gradients: it is of int32");
      expect(() => gradients([], [])).toThrow('gradients needs a tensor to differentiate');
      expect(() =>
        gradients(
          inGraph(() => constant(1)),
          [x],
        ),
      ).toThrow('belongs to another graph');
    });
  });
});
