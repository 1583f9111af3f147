/** Tensors: the edges of a graph. */

import { inspect } from 'node:util';
import { capi, type Output } from '../../runtime/capi';
import { type DType, dtypeOf, isRefDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, sizeOf } from '../../runtime/hostArray';
import { jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { shapeText } from '../../runtime/shapeText';
import { checked } from '../../runtime/status';
import { displayTensor } from './display';
import type { Graph } from './graph';
import type { Operation } from './operation';

/**
 * A static shape: `null` for a dimension that is unknown before the graph runs; `null` as a whole for an unknown rank.
 */
export type Shape = readonly (number | null)[] | null;

/**
 * What TypeScript knows about a tensor's rank: no dimensions, some, or (the union of both) nothing. It determines the
 * type of a fetched value: a number, a {@link HostArray}, or either.
 */
export type Rank = 'scalar' | 'array';

/** The rank of a shape, as a type. */
export type RankOf<S extends Shape | number | undefined> = S extends readonly []
  ? 'scalar'
  : S extends readonly [unknown, ...unknown[]] | number
    ? 'array'
    : Rank;

/** Normalizes a shape. A single number is a vector of that size, as `(100)` isn't a tuple in Python either. */
export function shapeOf(sizes: Shape | number): Shape {
  return typeof sizes === 'number' ? [sizes] : sizes;
}

/** A tensor without dimensions. */
export type Scalar<D extends DType = DType> = Tensor<D, 'scalar'>;

/** A tensor, or a value that is converted to a constant. */
export type TensorLike<D extends DType = DType> = Tensor<D> | ArrayLike;

/** The operations of all graphs. Only these have tensors. */
export const known = new WeakSet<Operation>();

/**
 * One output of an operation: a value that exists only while a session runs the graph.
 *
 * @typeParam D its dtype
 * @typeParam R its rank, as far as TypeScript knows it
 *
 * @example
 * const hidden = tf.matmul(images, weights);
 * hidden.dtype; // 'float32'
 * hidden.shape; // [null, 128]
 */
export class Tensor<D extends DType = DType, R extends Rank = Rank> {
  /** The operation that computes this tensor. */
  readonly op: Operation;
  /** The index of this tensor among the operation's outputs. */
  readonly index: number;
  readonly dtype: D;
  /** @internal Whether this is a reference to a variable's buffer, which an assignment can write through. */
  readonly isRef: boolean;
  /** Only for the type checker, which would otherwise ignore `R`. */
  declare protected readonly rankType: R;

  /** For {@link Operation}; builders and `graph.getTensorByName` return tensors. */
  constructor(op: Operation, index: number, dtype?: D) {
    if (!known.has(op) || !Number.isInteger(index) || index < 0 || index >= capi().operationNumOutputs(op.pointer))
      throw new InvalidArgumentError('tensors are made by builders, graph.createOperation and graph.getTensorByName');
    const number = capi().operationOutputType({ oper: op.pointer, index });
    this.op = op;
    this.index = index;
    this.dtype = dtype ?? (dtypeOf(number) as D); // a resource variable has the dtype of its value
    this.isRef = isRefDType(number);
  }

  /** The operation's name and the output's index, such as `hidden1/MatMul:0`. */
  get name(): string {
    return `${this.op.name}:${this.index}`;
  }

  get graph(): Graph {
    return this.op.graph;
  }

  /** The requested device of the operation, or `''`. */
  get device(): string {
    return this.op.device;
  }

  /** The shape, as far as it is known before the graph runs. */
  get shape(): Shape {
    const { shapes } = this.op;
    let shape = shapes[this.index];
    if (shape === undefined) {
      shape = inferredShape(this);
      shapes[this.index] = shape;
    }
    return shape && [...shape]; // whoever asks may change the array
  }

  /** The number of dimensions; `null` if it is unknown before the graph runs. */
  get rank(): number | null {
    return this.shape?.length ?? null;
  }

  /**
   * Adds what the caller knows about the shape to what was inferred.
   *
   * @throws {InvalidArgumentError} when the two contradict each other, or it is not a shape
   */
  setShape(shape: Shape): void {
    checkShape(shape);
    if (shape === null) return;
    const sizes = BigInt64Array.from(shape, (size) => BigInt(size ?? -1));
    checked(
      (status) => capi().graphSetTensorShape(this.graph.pointer, this.output, sizes, sizes.length, status),
      (message) => `${message} (shape of '${this.name}')`,
    );
    this.op.shapes[this.index] = undefined;
  }

  /** The operations that have this tensor as an input; one entry per input. */
  consumers(): Operation[] {
    const { operationOutputNumConsumers, operationOutputConsumers } = capi();
    const count = operationOutputNumConsumers(this.output);
    const inputs = new BigInt64Array(count * 2); // TF_Input { TF_Operation *oper; int index; }
    if (count > 0) operationOutputConsumers(this.output, inputs, count);
    return Array.from({ length: count }, (_, i) => this.graph.operationAt(inputs[2 * i]!));
  }

  /**
   * @internal What an operation that takes a value uses when it is given this tensor. For a variable, this is its
   * `read` operation.
   *
   * @param _name of an operation that has to be built for this, if any
   */
  value(_name?: string): Tensor<D, R> {
    return this;
  }

  /** @internal This tensor in the form that the C API takes. */
  get output(): Output {
    return { oper: this.op.pointer, index: this.index };
  }

  toString(): string {
    return `${this.constructor.name} '${this.name}' ${this.dtype} ${shapeText(this.shape)}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [jupyterDisplay](): MimeBundle {
    return displayTensor(this);
  }
}

/** What libtensorflow knows of a shape. It takes two calls, and a step of a session asks for the shape of everything that is fed. */
function inferredShape({ graph, output }: Tensor): Shape {
  const { graphGetTensorNumDims, graphGetTensorShape } = capi();
  const rank = checked((status) => graphGetTensorNumDims(graph.pointer, output, status));
  if (rank < 0) return null;
  const sizes = new BigInt64Array(rank);
  if (rank > 0) checked((status) => graphGetTensorShape(graph.pointer, output, sizes, rank, status));
  return Array.from(sizes, (size) => (size < 0n ? null : Number(size)));
}

/** Whether two tensors are the same output of the same operation. */
export function sameTensor(a: Tensor, b: Tensor): boolean {
  return a.op === b.op && a.index === b.index;
}

/**
 * Validates a shape: libtensorflow accepts any numbers, and aborts the process over some.
 *
 * @throws {InvalidArgumentError} when it is neither null nor an array of non-negative integers and nulls
 */
export function checkShape(shape: unknown): asserts shape is Shape {
  if (shape === null) return;
  if (!Array.isArray(shape) || !shape.every((size) => size === null || (Number.isSafeInteger(size) && size >= 0)))
    throw new InvalidArgumentError(
      `a shape is an array of whole numbers from 0 on, null where one is unknown, such as [null, 3]: ${inspect(shape, {
        depth: 1,
        breakLength: Infinity,
      })} isn't`,
    );
  sizeOf(shape.map((size) => size ?? 1)); // refuses too many dimensions or elements
}

/** Whether every dimension of a shape is known. */
export function isFullyDefined(shape: Shape): shape is readonly number[] {
  return shape?.every((size) => size !== null) ?? false;
}

/** Whether two shapes are compatible: no known dimension of one contradicts the other's. */
export function areCompatible(a: Shape, b: Shape): boolean {
  if (a === null || b === null) return true;
  return a.length === b.length && a.every((size, i) => size === null || b[i] === null || size === b[i]);
}
