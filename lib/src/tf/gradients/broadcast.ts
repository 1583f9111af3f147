/**
 * Reverses broadcasting, for the gradients of operations whose operands are broadcast to each other.
 *
 * @see `_ReduceGradientArgs` in TensorFlow's python/ops/math_grad.py
 */
import type { Shape, Tensor } from '../graph/tensor';
import { apply, applyOne, type Operand } from '../ops/apply';
import { reshape, shape } from '../ops/array';
import { getItem } from '../ops/indexing';

/**
 * The gradients of two operands, from gradients with the shape to which both were broadcast: each is summed over the
 * dimensions along which its operand was repeated, and reshaped to the operand's shape.
 *
 * @param gx the gradient of `x` as if it had not been broadcast; null if none is wanted
 * @param gy the same for `y`
 * @param inner the number of trailing dimensions that aren't broadcast: 2 for matrices
 *
 * @example
 * tf.registerGradient('AddV2', (op, grad) => unbroadcast(op.inputs[0]!, op.inputs[1]!, grad, grad));
 */
export function unbroadcast(
  x: Tensor,
  y: Tensor,
  gx: Tensor | null,
  gy: Tensor | null,
  inner = 0,
): [Tensor | null, Tensor | null] {
  const known = repeatedAxes(outer(x.shape, inner), outer(y.shape, inner));
  if (known?.every((axes) => axes === null)) return [gx, gy];
  const shapes = [shape(x), shape(y)] as const;
  const [xAxes, yAxes] =
    known ??
    apply(
      'BroadcastGradientArgs',
      shapes.map((sizes) => outerSizes(sizes, inner)),
    ).outputs;
  return [summed(gx, xAxes, shapes[0]), summed(gy, yAxes, shapes[1])];
}

function summed(grad: Tensor | null, axes: Operand | null | undefined, sizes: Tensor): Tensor | null {
  if (grad === null || axes === null || axes === undefined) return grad;
  // If the summed dimensions are kept, the gradient of this sum is simple even for unknown axes.
  return reshape(applyOne('Sum', [grad, axes], { keep_dims: true }), sizes);
}

type Axes = readonly number[] | null;

/**
 * The axes of the common shape along which `x` and `y` are repeated; null for an operand that already has the common
 * shape. Undefined if that is unknown before the graph runs.
 */
function repeatedAxes(x: Shape, y: Shape): readonly [Axes, Axes] | undefined {
  if (x === null || y === null) return undefined;
  const rank = Math.max(x.length, y.length);
  const xAxes: number[] = [];
  const yAxes: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const xSize = sizeAlong(x, axis, rank);
    const ySize = sizeAlong(y, axis, rank);
    if (xSize === 1 && ySize !== 1) xAxes.push(axis);
    else if (ySize === 1 && xSize !== 1) yAxes.push(axis);
    else if (xSize === null || ySize === null) return undefined;
  }
  return [xAxes.length > 0 || x.length < rank ? xAxes : null, yAxes.length > 0 || y.length < rank ? yAxes : null];
}

/** The size along `axis` of a shape with `rank` dimensions whose last dimensions are `sizes`. */
function sizeAlong(sizes: readonly (number | null)[], axis: number, rank: number): number | null {
  const index = axis - (rank - sizes.length);
  return index < 0 ? 1 : (sizes[index] as number | null);
}

/** A static shape without its last dimensions. */
function outer(sizes: Shape, inner: number): Shape {
  return sizes && inner > 0 ? sizes.slice(0, -inner) : sizes;
}

/** A shape as a tensor without its last dimensions. */
function outerSizes(sizes: Tensor, inner: number): Tensor {
  return inner > 0 ? getItem(sizes, [[null, -inner]]) : sizes;
}
