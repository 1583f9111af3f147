/** Partitioned variables, whose parts may be on several machines. */

import { inspect } from 'node:util';
import { checkArray, checkInstance } from '../../runtime/arguments';
import type { DType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { shapeText } from '../../runtime/shapeText';
import type { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { identity } from './array';
import { concat } from './joining';
import { Variable } from './variables';

/**
 * A variable in parts along one dimension, created by `tf.getVariable` with a `partitioner`. Each part is a variable of
 * its own, `name/part_0` …, which optimizers update and a parameter server may hold. In checkpoints they form a single
 * tensor, whatever their number.
 *
 * @example
 * const embedding = tf.getVariable('embedding', { shape: [10, 4], partitioner: tf.fixedSizePartitioner(3) });
 * const vectors = tf.nn.embeddingLookup(embedding, [7, 3], { partitionStrategy: 'div' }); // [2] → [2, 4]
 * [...embedding].map(({ name }) => name); // ['embedding/part_0:0', 'embedding/part_1:0', 'embedding/part_2:0']
 */
export class PartitionedVariable<D extends DType = DType> implements Iterable<Variable<D>> {
  /** The name of the whole variable: the prefix of its parts' names, and its name in checkpoints. */
  readonly name: string;
  readonly dtype: D;
  /** The shape of the whole variable. */
  readonly shape: readonly number[];
  /** The number of parts along each dimension. */
  readonly partitions: readonly number[];
  readonly #parts: readonly Variable<D>[];

  /**
   * @param parts in order; each has its `saveSliceInfo`
   * @throws {InvalidArgumentError} when there is no part, or one doesn't belong to this variable
   */
  constructor(
    name: string,
    shape: readonly number[],
    dtype: D,
    parts: readonly Variable<D>[],
    partitions: readonly number[],
  ) {
    checkArray('the parts of a variable', parts);
    checkArray('the sizes of a variable', shape);
    checkArray('the numbers of parts', partitions);
    for (const part of parts) {
      checkInstance('a part of a variable', part, Variable, 'variable');
      if (part.saveSliceInfo?.fullName !== name || String(part.saveSliceInfo.fullShape) !== String(shape))
        throw new InvalidArgumentError(`${part} is no part of a variable '${name}' of shape ${shapeText(shape)}`);
    }
    if (parts.length === 0) throw new InvalidArgumentError(`the variable '${name}' has no parts`);
    this.name = name;
    this.shape = [...shape];
    this.dtype = dtype;
    this.partitions = [...partitions];
    this.#parts = [...parts];
  }

  /** The graph of the parts. */
  get graph(): Graph {
    return this.#parts[0]!.graph;
  }

  /** The number of parts. */
  get length(): number {
    return this.#parts.length;
  }

  /** The parts in order. */
  [Symbol.iterator](): IterableIterator<Variable<D>> {
    return this.#parts[Symbol.iterator]();
  }

  /** The whole variable as one tensor, for which every part is read. For a large table, use lookups instead. */
  asTensor(): Tensor<D> {
    const { graph, name } = this;
    const [first] = this.#parts as [Variable<D>];
    return graph.controlDependencies(null, () => {
      if (this.length === 1) return graph.nameScope(null, () => identity(first, { name })) as Tensor as Tensor<D>;
      const axis = this.partitions.findIndex((parts) => parts > 1);
      const whole = graph.nameScope(`${name}/ConcatPartitions/`, () => concat(this.#parts, axis));
      return graph.nameScope(null, () => identity(whole, { name })) as Tensor as Tensor<D>;
    });
  }

  /** A one-line description. */
  toString(): string {
    return `PartitionedVariable '${this.name}' ${this.dtype} ${shapeText(this.shape)} in ${this.length} parts`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** The parts of a partitioned variable; anything else as a single element. */
export function variablesOf<T>(value: T | PartitionedVariable): (T | Variable)[] {
  return value instanceof PartitionedVariable ? [...value] : [value];
}
