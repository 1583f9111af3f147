/** Sparse gradients: some rows of a tensor, and their indices. */

import { inspect } from 'node:util';
import type { DType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, sizeOf } from '../../runtime/hostArray';
import { jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { shapeText } from '../../runtime/shapeText';
import { areCompatible, checkShape, isFullyDefined, type Shape, Tensor } from '../graph/tensor';
import { asTensor, graphOf } from './apply';
import { cast } from './elementwise/cast';
import { constantValue } from './indexing/indices';
import { unsortedSegmentSum } from './indexing/segments';
import { getItem } from './indexing/slicing';
import { concat } from './joining';
import type { IndexDType } from './types';

/** Converting a sparse tensor to a dense one with at least this many elements causes a warning. */
const LARGE = 100_000_000;

/**
 * A tensor of which only some rows are stored, all others being 0: the gradient of rows that were looked up in a table.
 * Row `indices[i]` has the values `values[i]`; rows with the same index are added up.
 *
 * It can be used like any tensor. Optimizers update only the rows that it contains; `addN`, `clipByNorm`,
 * `clipByGlobalNorm`, `cast` and `tuple` return an `IndexedSlices` again. Every other operation uses the whole, dense
 * tensor ({@link IndexedSlices.value}), with a warning if that is large or of unknown size. A session returns an
 * `IndexedSlicesValue`.
 *
 * @example
 * const embeddings = new tf.Variable(tf.ones([1000, 64]));
 * const [gradient] = tf.gradients(tf.reduceSum(tf.gather(embeddings, [3, 7])), [embeddings]);
 * if (gradient instanceof tf.IndexedSlices) session.runSync(gradient.indices); // the rows that were looked up
 */
export class IndexedSlices<D extends DType = DType> extends Tensor<D, 'array'> {
  /** The rows: `[count, …]`. */
  readonly values: Tensor<D, 'array'>;
  /** The index of each row in the first dimension of the whole tensor: `int32` or `int64`, `[count]`. */
  readonly indices: Tensor<IndexDType, 'array'>;
  /** The shape of the whole tensor, or null if it is unknown. */
  readonly denseShape: Tensor<IndexDType, 'array'> | null;
  #shape: Shape;

  /**
   * @param values `[count, …]`
   * @param indices `[count]`, of `int32` or `int64`; numbers become `int32`
   * @param denseShape the shape of the whole tensor; required for {@link IndexedSlices.value}
   * @throws {InvalidArgumentError} when the shapes contradict each other, or the tensors belong to several graphs
   */
  constructor(
    values: Tensor<D> | ArrayLike,
    indices: Tensor<IndexDType> | ArrayLike,
    denseShape: Tensor<IndexDType> | ArrayLike | null = null,
  ) {
    const graph = graphOf([values, indices, denseShape ?? []]);
    const rows = asTensor(values, undefined, 'values', graph);
    super(rows.op, rows.index);
    const place = (value: Tensor<IndexDType> | ArrayLike, name: string) =>
      asTensor(value, value instanceof Tensor ? undefined : 'int32', name, graph) as Tensor as Tensor<
        IndexDType,
        'array'
      >;
    this.values = rows as Tensor as Tensor<D, 'array'>;
    this.indices = place(indices, 'indices');
    this.denseShape = denseShape === null ? null : place(denseShape, 'dense_shape');
    for (const tensor of [this.indices, this.denseShape]) if (tensor) graph.checkOwns(tensor);
    this.#shape = merged(this.denseShape && shapeHeldBy(this.denseShape), rows.shape && [null, ...rows.shape.slice(1)]);
    if (!areCompatible(this.indices.shape, rows.shape?.slice(0, 1) ?? null))
      throw new InvalidArgumentError(`IndexedSlices needs an index for each of its rows, got ${this}`);
  }

  /** The shape of the whole tensor, as far as it is known before the graph runs. */
  override get shape(): Shape {
    return this.#shape;
  }

  override setShape(shape: Shape): void {
    checkShape(shape);
    this.#shape = merged(this.#shape, shape);
  }

  /** The operations that use the rows. */
  override consumers() {
    return this.values.consumers();
  }

  /**
   * The whole tensor, dense.
   *
   * @param name of the operation that creates it
   * @throws {InvalidArgumentError} when it has no `denseShape`
   */
  override value(name?: string): Tensor<D, 'array'> {
    const { shape } = this;
    const elements = isFullyDefined(shape) ? sizeOf(shape) : undefined;
    if (this.denseShape !== null && (elements === undefined || elements >= LARGE)) {
      const size = elements === undefined ? 'of unknown shape' : `with ${elements} elements`;
      process.emitWarning(
        `Converting sparse IndexedSlices to a dense Tensor ${size}. This may consume a large amount of memory.`,
      );
    }
    return wholeOf(this, name);
  }

  /**
   * @internal
   * @throws {InvalidArgumentError} when it is accessed: rows and their indices are not a single output of an operation
   */
  override get output(): never {
    throw new InvalidArgumentError(`${this} is not one tensor; its value() is`);
  }

  override toString(): string {
    const parts = { indices: this.indices, values: this.values, denseShape: this.denseShape };
    const texts = Object.entries(parts).map(([name, tensor]) => `${name}=${tensor}`);
    return `IndexedSlices(${texts.join(', ')})`;
  }

  override [inspect.custom](): string {
    return this.toString();
  }

  override [jupyterDisplay](): MimeBundle {
    return { 'text/plain': this.toString() };
  }
}

/** The type of rows after a builder changed them. */
export function withValues<D extends DType>(slices: IndexedSlices, values: Tensor<D>): IndexedSlices<D> {
  const result = new IndexedSlices(values, slices.indices, slices.denseShape);
  result.setShape(slices.shape);
  return result;
}

/**
 * Applies `change` to a tensor; to the rows of a sparse one, whose indices remain. Only for functions that map 0 to 0.
 */
export function changeValues(tensor: Tensor, change: (values: Tensor) => Tensor): Tensor {
  return tensor instanceof IndexedSlices ? withValues(tensor, change(tensor.values)) : change(tensor);
}

/** The rows of a sparse tensor, or a dense tensor itself: the elements that a norm is computed from. */
export function valuesOf(tensor: Tensor): Tensor {
  return tensor instanceof IndexedSlices ? tensor.values : tensor;
}

/** Converts a tensor to a dense one, without a warning: for gradients that need a dense tensor anyway. */
export function dense(tensor: Tensor): Tensor {
  return tensor instanceof IndexedSlices ? wholeOf(tensor) : tensor;
}

/** The sum of several sparse tensors of the same shape: all their rows. */
export function joined(all: readonly IndexedSlices[]): IndexedSlices {
  const [first] = all as readonly [IndexedSlices];
  const alike = all.every(({ indices }) => indices.dtype === first.indices.dtype);
  const indices = all.map((slices) => (alike ? slices.indices : cast(slices.indices, 'int64')));
  const values = concat(
    all.map((slices) => slices.values),
    0,
  );
  const result = new IndexedSlices(values, concat<Tensor<IndexDType>>(indices, 0), first.denseShape);
  for (const { shape } of all) result.setShape(shape);
  return result;
}

/** Whether all of several tensors are sparse. */
export function areSlices(tensors: readonly unknown[]): tensors is readonly IndexedSlices[] {
  return tensors.every((tensor) => tensor instanceof IndexedSlices);
}

function wholeOf<D extends DType>(slices: IndexedSlices<D>, name?: string): Tensor<D, 'array'> {
  const { values, indices, denseShape } = slices;
  if (denseShape === null)
    throw new InvalidArgumentError(`${slices} can't become a dense tensor: it has no denseShape`);
  const whole: Tensor = unsortedSegmentSum(values, indices, getItem(denseShape, [0]), { name });
  whole.setShape(slices.shape);
  return whole as Tensor<D, 'array'>;
}

/** The shape that a tensor contains, as far as it is known before the graph runs. */
function shapeHeldBy(tensor: Tensor): Shape {
  const { op } = tensor;
  const constant = constantValue(tensor);
  if (constant) return Array.from(constant.data as Int32Array, Number);
  const [input] = op.inputs;
  if (input && (op.type === 'Cast' || op.type === 'Identity')) return shapeHeldBy(input);
  if (input && op.type === 'Shape') return input.shape;
  const rank = tensor.shape?.[0] ?? null;
  return rank === null ? null : new Array<null>(rank).fill(null);
}

/** Combines two descriptions of the same shape. */
function merged(a: Shape, b: Shape): Shape {
  if (!areCompatible(a, b))
    throw new InvalidArgumentError(`the shapes ${shapeText(a)} and ${shapeText(b)} of IndexedSlices differ`);
  if (a === null || b === null) return a ?? b;
  return a.map((size, i) => size ?? (b[i] as number | null));
}
