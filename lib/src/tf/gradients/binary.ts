/** Gradients of the operations in `ops/elementwise/binary.ts`. */
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { applyOne, asTensor } from '../ops/apply';
import { onesLike, zerosLike } from '../ops/array';
import { add, divNoNan, floorDiv, mul, polygamma, pow, realdiv, sub, truediv } from '../ops/elementwise/binary';
import { greater, greaterEqual, lessEqual } from '../ops/elementwise/comparison';
import { log, neg, square } from '../ops/elementwise/unary';
import { changeValues } from '../ops/indexedSlices';
import { where } from '../ops/indexing';
import { unbroadcast } from './broadcast';
import type { GradientFunction, GradientTable } from './gradientFunction';

/** Computes the gradients of both operands, ignoring broadcasting. */
type Partials = (x: Tensor, y: Tensor, grad: Tensor, op: Operation) => readonly [Tensor, Tensor];

/** The gradient of a binary operation with broadcasting. */
const ofPair =
  (partials: Partials): GradientFunction =>
  (op, grad) => {
    const [x, y] = op.inputs as [Tensor, Tensor];
    return unbroadcast(x, y, ...partials(x, y, grad, op));
  };

/** The partial derivatives of a quotient computed by `divideBy`. */
const ofQuotient =
  (divideBy: (x: Tensor, y: Tensor) => Tensor): Partials =>
  (x, y, grad) => {
    const byX = divideBy(grad, y);
    return [byX, mul(grad, divideBy(divideBy(neg(x), y), y), { name: 'mul' })];
  };

/** The partial derivatives of an operation that selects x where `choosesX` is true, and y otherwise. */
const ofChoice =
  (choosesX: (x: Tensor, y: Tensor) => Tensor): Partials =>
  (x, y, grad) => {
    const zeros = zerosLike(grad);
    const chosen = choosesX(x, y);
    const select = (a: Tensor, b: Tensor) => applyOne('SelectV2', [chosen, a, b]);
    return [select(grad, zeros), select(zeros, grad)];
  };

export const binaryGradients = {
  AddV2: ofPair((_x, _y, grad) => [grad, grad]),
  Add: ofPair((_x, _y, grad) => [grad, grad]),
  Sub: ofPair((_x, _y, grad) => [grad, changeValues(grad, neg)]),
  Mul: ofPair((x, y, grad) => [mul(grad, y), mul(x, grad)]),
  AddN: (op, grad) => op.inputs.map(() => grad),
  RealDiv: ofPair(ofQuotient(realdiv)),
  Div: ofPair(ofQuotient(realdiv)),
  DivNoNan: ofPair(ofQuotient(divNoNan)),
  FloorMod: ofPair((x, y, grad) => [grad, mul(grad, neg(floorDiv(x, y)), { name: 'mul' })]),
  FloorDiv: null,
  TruncateDiv: null,
  Pow: ofPair((x, y, grad, op) => {
    const byX = mul(mul(grad, y, { name: 'mul' }), pow(x, sub(y, 1, { name: 'sub' })), { name: 'mul' });
    // A base that isn't positive has no real logarithm: the derivative with respect to the exponent is 0 there.
    const hasLog = greater(x, 0);
    const logX = where(hasLog, log(where(hasLog, x, onesLike(x))), zerosLike(x));
    return [byX, mul(mul(grad, op.outputs[0]!, { name: 'mul' }), logX, { name: 'mul' })];
  }),
  Maximum: ofPair(ofChoice(greaterEqual)),
  Minimum: ofPair(ofChoice(lessEqual)),
  SquaredDifference: ofPair((x, y, grad, { graph }) =>
    graph.controlDependencies([grad], () => {
      const twice = mul(asTensor(2, grad.dtype, 'scalar', graph), grad);
      const byX = mul(twice, sub(x, y, { name: 'sub' }), { name: 'mul' });
      return [byX, neg(byX)];
    }),
  ),
  Atan2: ofPair((y, x, grad) => {
    const scaled = truediv(grad, add(square(y), square(x), { name: 'add' }), { name: 'truediv' });
    return [mul(x, scaled, { name: 'mul' }), mul(neg(y), scaled, { name: 'mul' })];
  }),
  Polygamma: (op, grad) => {
    const [order, x] = op.inputs as [Tensor, Tensor];
    const byX = mul(polygamma(add(order, 1, { name: 'add' }), x), grad, { name: 'mul' });
    return unbroadcast(order, x, null, byX);
  },
} satisfies GradientTable;
