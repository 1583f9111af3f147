/** Types that the builders' signatures share: how dtypes and ranks pass from operands to results. */
import type { Rank, Tensor } from '../graph/tensor';
import type { DType } from '../runtime/dtypes';
import type { ArrayLike } from '../runtime/hostArray';
import type { OpOptions } from './apply';
import type { DTypeOfValue, RankOfValue } from './constants';

/** The rank of two broadcast operands: an array if either is one, a scalar if both are. */
export type Broadcast<A extends Rank, B extends Rank> = [A] extends ['array']
  ? 'array'
  : [B] extends ['array']
    ? 'array'
    : [A | B] extends ['scalar']
      ? 'scalar'
      : Rank;

/** The dtypes among those of `D` that a plain value can have. */
type DTypeIn<D extends DType, V> = DTypeOfValue<V> & D;

/** A builder of one operand that keeps its dtype, one of `D`, and its rank. */
export interface Unary<D extends DType = DType> {
  <T extends D, R extends Rank>(x: Tensor<T, R>, options?: OpOptions): Tensor<T, R>;
  <V extends ArrayLike>(x: V, options?: OpOptions): Tensor<DTypeIn<D, V>, RankOfValue<V>>;
}

/** A builder of two operands of one dtype, one of `D`, broadcast to each other. A plain value takes the tensor's dtype. */
export interface Binary<D extends DType = DType> {
  <T extends D, A extends Rank, B extends Rank>(
    x: Tensor<T, A>,
    y: Tensor<T, B>,
    options?: OpOptions,
  ): Tensor<T, Broadcast<A, B>>;
  <T extends D, A extends Rank, V extends ArrayLike>(
    x: Tensor<T, A>,
    y: V,
    options?: OpOptions,
  ): Tensor<T, Broadcast<A, RankOfValue<V>>>;
  <T extends D, B extends Rank, V extends ArrayLike>(
    x: V,
    y: Tensor<T, B>,
    options?: OpOptions,
  ): Tensor<T, Broadcast<RankOfValue<V>, B>>;
  <V extends ArrayLike, W extends ArrayLike>(
    x: V,
    y: W,
    options?: OpOptions,
  ): Tensor<DTypeIn<D, V>, Broadcast<RankOfValue<V>, RankOfValue<W>>>;
}

/** A builder of two operands that compares them: as {@link Binary}, with a result of `bool`. */
export interface Comparison<D extends DType = DType> {
  <T extends D, A extends Rank, B extends Rank>(
    x: Tensor<T, A>,
    y: Tensor<T, B>,
    options?: OpOptions,
  ): Tensor<'bool', Broadcast<A, B>>;
  <T extends D, A extends Rank, V extends ArrayLike>(
    x: Tensor<T, A>,
    y: V,
    options?: OpOptions,
  ): Tensor<'bool', Broadcast<A, RankOfValue<V>>>;
  <V extends ArrayLike, T extends D, B extends Rank>(
    x: V,
    y: Tensor<T, B>,
    options?: OpOptions,
  ): Tensor<'bool', Broadcast<RankOfValue<V>, B>>;
}

/** The dtype of an operand: a tensor's own, or the one that a plain value takes. */
export type OperandDType<X> = X extends Tensor<infer D, Rank> ? D : DTypeOfValue<X>;

/** The rank of an operand as far as TypeScript knows it. */
export type OperandRank<X> = X extends Tensor<DType, infer R> ? R : RankOfValue<X>;

/** A shape as builders take it: sizes, each a number or a scalar tensor of integers, or one vector of them. */
export type Sizes = readonly (number | Tensor)[] | Int32Array | Tensor;

/** The rank of a tensor of that shape. */
export type RankOfSizes<S extends Sizes> = S extends readonly []
  ? 'scalar'
  : S extends readonly [unknown, ...unknown[]]
    ? 'array'
    : Rank;
