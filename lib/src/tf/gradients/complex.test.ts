import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../testing/checkGradients';
import { evaluate } from '../../testing/evaluate';
import { wave } from '../../testing/wave';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { reshape } from '../ops/array';
import { constant } from '../ops/constants';
import { add, mul, squaredDifference, sub, truediv } from '../ops/elementwise/binary';
import { cast } from '../ops/elementwise/cast';
import * as unary from '../ops/elementwise/unary';
import { matmul } from '../ops/matmul';
import { cumsum, reduceProd } from '../ops/reduce';
import { gradients } from './gradients';

/** The real part of what is made of complex numbers: of roots, which are imaginary where a number is negative, and a little more. */
const ofComplex = (build: (z: Tensor) => Tensor) => (x: Tensor<'float64'>) => {
  const z = add(unary.sqrt(cast(x, 'complex128')) as Tensor, cast(constant(0.4), 'complex128') as Tensor);
  return cast(mul(build(z), add(z, z)), 'float64');
};

const numbers = wave([4]);

const { sqrt, rsqrt, reciprocal, square, exp, expm1, log, log1p, tanh, sigmoid, neg } = unary;
const { sin, cos, tan, sinh, cosh, asinh, acosh, atanh, asin, acos, atan } = unary;

describe('the gradients of complex tensors', () => {
  it.each(
    Object.entries({ sqrt, rsqrt, reciprocal, square, exp, expm1, log, log1p, tanh, sigmoid, neg }).concat(
      Object.entries({ sin, cos, tan, sinh, cosh, asinh, acosh, atanh, asin, acos, atan }),
    ) as [string, (z: Tensor) => Tensor][],
  )('are those of differences: %s', (_name, build) => checkGradients(ofComplex(build), [numbers], { tolerance: 1e-5 }));

  it.each<[string, (z: Tensor) => Tensor]>([
    ['a sum and a difference', (z) => sub(add(z, z), square(z))],
    ['a quotient', (z) => truediv(exp(z), add(z, square(z)))],
    ['a product', (z) => mul(z, reduceProd(z))],
    ['a running sum', (z) => cumsum(z)],
    ['a product of matrices', (z) => matmul(reshape(z, [2, 2]), reshape(exp(z), [2, 2]), { transposeA: true })],
    ['products of matrices', (z) => matmul(reshape(z, [1, 2, 2]), reshape(exp(z), [1, 2, 2]))],
  ])('are those of differences: %s', (_name, build) =>
    checkGradients(
      ofComplex((z) => reshape(build(z), [4])),
      [numbers],
      { tolerance: 1e-5 },
    ),
  );

  it.each(
    Object.entries({ sqrt, rsqrt, reciprocal, square, exp, log, tanh, sigmoid }) as [string, (z: Tensor) => Tensor][],
  )('have gradients: %s', (_name, build) => {
    const first = (x: Tensor<'float64'>) => gradients(ofComplex(build)(x), [x])[0]!;
    checkGradients(first, [numbers], { tolerance: 1e-4 });
  });

  it('are those of differences: a distance, which is real', () => {
    const root = (x: Tensor) => unary.sqrt(cast(x, 'complex128')) as Tensor;
    const distance = (x: Tensor<'float64'>) => cast(squaredDifference(root(x), exp(root(x))), 'float64');
    checkGradients(distance, [numbers], { tolerance: 1e-5 });
  });

  it("are Python's for a complex result, whose gradient is given", () => {
    const [real, imaginary] = evaluate(() => {
      const z = add(
        unary.sqrt(cast(constant([-4]), 'complex64')) as Tensor,
        cast(constant([1]), 'complex64') as Tensor,
      );
      const [grad] = gradients(unary.square(z), [z], [cast(constant([1]), 'complex64')]);
      return [cast(grad!, 'float32'), z.graph.createOperation('Imag', [grad!]).outputs[0]!];
    }) as [number[], number[]];
    expect([real[0], imaginary[0]]).toEqual([2, -4]); // of 1 + 2i, the conjugate of its double
  });

  it('begin with one that is given', () => {
    new Graph().asDefault(() => {
      const z = square(cast(constant([1, 2]), 'complex64') as Tensor);
      expect(() => gradients(z, [z])).toThrow(
        /'Square:0' is of complex64: a gradient to begin with is given by gradYs/,
      );
    });
  });
});
