/** Types that the builders' signatures share: how dtypes and ranks pass from operands to results. */
import type { DTypeOfValue } from '../../runtime/hostArray';
import type { Rank, Tensor, TensorLike } from '../graph/tensor';
import type { OpOptions } from './apply';
import type { RankOfValue } from './constants';

/** The rank of two broadcast operands: an array if either is one, a scalar if both are. */
export type Broadcast<A extends Rank, B extends Rank> = [A] extends ['array']
  ? 'array'
  : [B] extends ['array']
    ? 'array'
    : [A | B] extends ['scalar']
      ? 'scalar'
      : Rank;

/** A builder of one operand that keeps its dtype and its rank. */
export type Unary = <X extends TensorLike>(x: X, options?: OpOptions) => Tensor<OperandDType<X>, OperandRank<X>>;

/** A builder of two operands of one dtype, broadcast to each other. A plain value takes the tensor's dtype. */
export type Binary = <X extends TensorLike, Y extends TensorLike>(
  x: X,
  y: Y,
  options?: OpOptions,
) => Tensor<PairDType<X, Y>, Broadcast<OperandRank<X>, OperandRank<Y>>>;

/** A builder of two operands that compares them: as {@link Binary}, with a result of `bool`. */
export type Comparison = <X extends TensorLike, Y extends TensorLike>(
  x: X,
  y: Y,
  options?: OpOptions,
) => Tensor<'bool', Broadcast<OperandRank<X>, OperandRank<Y>>>;

// TypeScript resolves these in a function that is itself generic only where all that varies is inferred: `_R`, `_D`.

/** The dtype of an operand: a tensor's own, or the one that a plain value takes. */
export type OperandDType<X> = X extends Tensor<infer D, infer _R> ? D : DTypeOfValue<X>;

/** The dtype of two operands that have to agree: a plain value takes that of the tensor beside it. */
export type PairDType<X, Y> =
  X extends Tensor<infer D, infer _R> ? D : Y extends Tensor<infer D, infer _R> ? D : DTypeOfValue<X>;

/** The rank of an operand as far as TypeScript knows it. */
export type OperandRank<X> = X extends Tensor<infer _D, infer R> ? R : RankOfValue<X>;

/** The dtypes that shapes, sizes and indices have. */
export type IndexDType = 'int32' | 'int64';

/** A shape as builders take it: sizes, each a number or a scalar tensor of integers, or a tensor of them all. */
export type Sizes = readonly (number | Tensor)[] | Tensor;

/** The rank of a tensor of that shape. */
export type RankOfSizes<S extends Sizes | number> = S extends readonly []
  ? 'scalar'
  : S extends readonly [unknown, ...unknown[]] | number
    ? 'array'
    : Rank;

/** All axes of a tensor of so many dimensions. One that has any other axis has more dimensions than these. */
type AxesOf = {
  readonly 1: 0 | -1;
  readonly 2: 0 | 1 | -1 | -2;
  readonly 3: 0 | 1 | 2 | -1 | -2 | -3;
  readonly 4: 0 | 1 | 2 | 3 | -1 | -2 | -3 | -4;
};

/** An array if one of the axes can't be among `Few`. */
type RankBeyond<A extends readonly unknown[], Few> = A extends readonly [infer First, ...infer Rest]
  ? [Extract<Few, First>] extends [never]
    ? 'array'
    : RankBeyond<Rest, Few>
  : Rank;

/**
 * The rank of a tensor once the dimensions `A` are taken from it. A tensor that has a dimension 1 has a dimension 0 too: something is left
 * without the former, whatever the tensor.
 *
 * @typeParam All what it is where `A` names none
 */
export type RankWithout<A, All extends Rank = Rank> = A extends readonly []
  ? All
  : A extends number
    ? RankBeyond<[A], AxesOf[1]>
    : A extends readonly unknown[] & { readonly length: keyof AxesOf }
      ? RankBeyond<A, AxesOf[A['length']]>
      : Rank;

/** The rank of a tensor of rank `R` where the dimensions `A` stay, with size 1: one that has them is an array. */
export type RankKeeping<A, R extends Rank> = A extends number | readonly [unknown, ...unknown[]] ? 'array' : R;

/** The dtype of operands that have to agree: that of the tensors among them, which plain values take. */
export type JoinedDType<X> = [Extract<X, Tensor>] extends [never] ? OperandDType<X> : OperandDType<Extract<X, Tensor>>;
