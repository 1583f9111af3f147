/** Sparse gradients: some rows of a tensor, and which ones they are. */

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

/** A dense tensor of so many elements is worth a warning. */
const LARGE = 100_000_000;

/**
 * A tensor of which only some rows are given, all others being 0: the gradient of rows that were looked up in a table.
 * Row `indices[i]` has `values[i]`; where an index occurs more than once, its rows are added up.
 *
 * It stands for that tensor everywhere. Optimizers change only the rows that it names, `addN`, `clipByNorm`,
 * `clipByGlobalNorm`, `cast` and `tuple` give again such rows, and every other operation takes the whole, dense tensor
 * ({@link IndexedSlices.value}), with a warning where that is large or of unknown size. A session gives an
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
  /** The place of each row in the first dimension of the whole: `int32` or `int64`, `[count]`. */
  readonly indices: Tensor<IndexDType, 'array'>;
  /** The shape of the whole, or null where nobody knows it. */
  readonly denseShape: Tensor<IndexDType, 'array'> | null;
  #shape: Shape;

  /**
   * @param values `[count, …]`
   * @param indices `[count]`, of `int32` or `int64`; numbers become `int32`
   * @param denseShape the shape of the whole; without it there is no {@link IndexedSlices.value}
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

  /** The shape of the whole as far as it is known before the graph runs. */
  override get shape(): Shape {
    return this.#shape;
  }

  override setShape(shape: Shape): void {
    checkShape(shape);
    this.#shape = merged(this.#shape, shape);
  }

  /** The operations that take the rows. */
  override consumers() {
    return this.values.consumers();
  }

  /**
   * The whole as a dense tensor.
   *
   * @param name of the operation that makes it
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
   * @throws {InvalidArgumentError} whenever it is asked for: rows and their indices are no single output of an operation
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

/** What builders make of rows, when they make rows of rows. */
export function withValues<D extends DType>(slices: IndexedSlices, values: Tensor<D>): IndexedSlices<D> {
  const result = new IndexedSlices(values, slices.indices, slices.denseShape);
  result.setShape(slices.shape);
  return result;
}

/**
 * What `change` makes of a tensor; of a sparse one's rows, which stand where they stood. Only for what makes 0 of 0.
 */
export function changeValues(tensor: Tensor, change: (values: Tensor) => Tensor): Tensor {
  return tensor instanceof IndexedSlices ? withValues(tensor, change(tensor.values)) : change(tensor);
}

/** The rows of a sparse tensor, of another the tensor: what norms are made of. */
export function valuesOf(tensor: Tensor): Tensor {
  return tensor instanceof IndexedSlices ? tensor.values : tensor;
}

/** A tensor as a dense one, without a warning: for gradients that are made of it in any case. */
export function dense(tensor: Tensor): Tensor {
  return tensor instanceof IndexedSlices ? wholeOf(tensor) : tensor;
}

/** The sum of several sparse tensors of one shape: all their rows. */
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

/** The shape that a tensor holds, as far as it is known before the graph runs. */
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

/** What two statements about one shape say together. */
function merged(a: Shape, b: Shape): Shape {
  if (!areCompatible(a, b))
    throw new InvalidArgumentError(`the shapes ${shapeText(a)} and ${shapeText(b)} of IndexedSlices differ`);
  if (a === null || b === null) return a ?? b;
  return a.map((size, i) => size ?? (b[i] as number | null));
}
