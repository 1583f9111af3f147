/** The components of a queue's elements: their dtypes, shapes and names, as types and as values. */
import { checkArray, shown } from '../../../runtime/arguments';
import { type DType, isDType } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import type { HostArray, TypedArray } from '../../../runtime/hostArray';
import { shapeText } from '../../../runtime/shapeText';
import {
  checkShape,
  isFullyDefined,
  type Rank,
  type RankOf,
  type Shape,
  type Tensor,
  type TensorLike,
} from '../../graph/tensor';

/** The dtypes of an element's components; a single dtype for a single component. */
export type QueueDTypes = DType | readonly DType[];

/** The shapes of an element's components; a single shape for a single component. */
export type QueueShapes = readonly (number | null)[] | readonly Shape[];

/** The names of an element's components. */
export type QueueNames = string | readonly string[];

/** The components of dequeued elements with these dtypes and shapes, as tensors. */
export type Components<D extends QueueDTypes, S> = [D] extends [DType]
  ? readonly [Tensor<D, ComponentRank<S, '0'>>]
  : D extends readonly DType[]
    ? { readonly [I in keyof D]: Tensor<D[I] & DType, ComponentRank<S, I>> }
    : readonly Tensor[];

type ComponentRank<S, I> = S extends readonly (number | null)[]
  ? RankOf<S>
  : S extends readonly Shape[]
    ? I extends keyof S
      ? S[I] extends Shape
        ? RankOf<S[I]>
        : Rank
      : Rank
    : Rank;

/** The same components of several elements: each has an additional leading dimension. */
export type Batched<C extends readonly Tensor[]> = {
  readonly [I in keyof C]: C[I] extends Tensor<infer D, infer _R> ? Tensor<D, 'array'> : never;
};

/**
 * The result of dequeuing: an object of tensors if the components have names, a tensor if there is one component, a
 * list otherwise. For a queue about which nothing is known, any of them.
 */
export type Dequeued<C extends readonly Tensor[], N> = unknown extends N
  ? Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>
  : N extends readonly string[]
    ? { readonly [I in keyof N & `${number}` as N[I] & string]: I extends keyof C ? C[I] : never }
    : N extends string
      ? { readonly [Name in N]: C[0] }
      : C extends readonly [infer Only]
        ? Only
        : number extends C['length']
          ? C | C[number]
          : C;

/** The argument of enqueuing: like {@link Dequeued}, with plain values instead of tensors if desired. */
export type Enqueued<C extends readonly Tensor[], N> = unknown extends N
  ? TensorLike | readonly TensorLike[] | Readonly<Record<string, TensorLike>>
  : N extends readonly string[]
    ? { readonly [I in keyof N & `${number}` as N[I] & string]: I extends keyof C ? ValueOf<C[I]> : never }
    : N extends string
      ? { readonly [Name in N]: ValueOf<C[0]> }
      : { readonly [I in keyof C]: ValueOf<C[I]> } | (C extends readonly [infer Only] ? SingleOf<Only> : never);

type ValueOf<T> = T extends Tensor<infer D, infer _R> ? TensorLike<D> : never;

/** A single component that isn't wrapped in an array; it must not be an array itself. */
type SingleOf<T> =
  T extends Tensor<infer D, infer _R> ? Tensor<D> | number | bigint | boolean | string | TypedArray | HostArray : never;

/** @throws {InvalidArgumentError} when there is none, or one is not a dtype */
export function dtypeList(dtypes: QueueDTypes): readonly DType[] {
  const list: readonly unknown[] = Array.isArray(dtypes) ? dtypes : [dtypes];
  if (list.length === 0) throw new InvalidArgumentError('an element of a queue has at least one component');
  const wrong = list.findIndex((dtype) => !isDType(dtype));
  if (wrong >= 0)
    throw new InvalidArgumentError(`the dtypes of a queue are dtypes such as 'float32', not ${shown(list[wrong])}`);
  return list as readonly DType[];
}

/**
 * A shape for each of `count` components; undefined if there are none.
 *
 * @param partial whether dimensions may be unknown
 * @throws {InvalidArgumentError} when their number is another, or a shape isn't sufficiently known
 */
export function shapeList(
  shapes: QueueShapes | undefined,
  count: number,
  partial = false,
): readonly Shape[] | undefined {
  if (shapes === undefined) return undefined;
  checkArray('the shapes of a queue', shapes);
  const isOne = shapes.every((size) => size === null || typeof size === 'number') && !(partial && shapes.length === 0);
  const list = (isOne && count === 1 && shapes[0] !== null ? [shapes] : shapes) as readonly Shape[];
  for (const shape of list) {
    checkShape(shape);
    if (shape === null || !(partial || isFullyDefined(shape)))
      throw new InvalidArgumentError(
        `the shapes of a queue's components are known${partial ? ' but for single dimensions' : ''}, ${shapeText(shape)} isn't`,
      );
  }
  if (list.length !== count)
    throw new InvalidArgumentError(`a queue has a shape for each of its ${count} component(s), got ${list.length}`);
  return list;
}

/** @throws {InvalidArgumentError} when the names aren't `count` distinct ones */
export function nameList(names: QueueNames | undefined, count: number): readonly string[] | undefined {
  if (names === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  if (list.length !== count || new Set(list).size !== count || !list.every((name) => typeof name === 'string'))
    throw new InvalidArgumentError(
      `a queue has a name of its own for each of its ${count} component(s), not ${list.map(shown).join(', ') || 'none'}`,
    );
  return list as readonly string[];
}
