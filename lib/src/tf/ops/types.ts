/** Types shared by the builders' signatures: how dtypes and ranks propagate from operands to results. */
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

/** A builder with one operand that preserves its dtype and rank. */
export type Unary = <X extends TensorLike>(x: X, options?: OpOptions) => Tensor<OperandDType<X>, OperandRank<X>>;

/**
 * A builder with two operands of the same dtype, which are broadcast to each other. A plain value takes the tensor's
 * dtype.
 */
export type Binary = <X extends TensorLike, Y extends TensorLike>(
  x: X,
  y: Y,
  options?: OpOptions,
) => Tensor<PairDType<X, Y>, Broadcast<OperandRank<X>, OperandRank<Y>>>;

/** A builder of a comparison: like {@link Binary}, with a result of `bool`. */
export type Comparison = <X extends TensorLike, Y extends TensorLike>(
  x: X,
  y: Y,
  options?: OpOptions,
) => Tensor<'bool', Broadcast<OperandRank<X>, OperandRank<Y>>>;

// In a generic function, TypeScript resolves these only if everything that varies is inferred: `_R`, `_D`.

/** The dtype of an operand: a tensor's own, or the one a plain value is converted to. */
export type OperandDType<X> = X extends Tensor<infer D, infer _R> ? D : DTypeOfValue<X>;

/** The common dtype of two operands: a plain value takes that of the other one, if it is a tensor. */
export type PairDType<X, Y> =
  X extends Tensor<infer D, infer _R> ? D : Y extends Tensor<infer D, infer _R> ? D : DTypeOfValue<X>;

/** The rank of an operand, as far as TypeScript knows it. */
export type OperandRank<X> = X extends Tensor<infer _D, infer R> ? R : RankOfValue<X>;

/** The dtypes of shapes, sizes and indices. */
export type IndexDType = 'int32' | 'int64';

/** A shape for builders: sizes, each a number or a scalar integer tensor, or a tensor of all sizes. */
export type Sizes = readonly (number | Tensor)[] | Tensor;

/** The rank of a tensor of that shape. */
export type RankOfSizes<S extends Sizes | number> = S extends readonly []
  ? 'scalar'
  : S extends readonly [unknown, ...unknown[]] | number
    ? 'array'
    : Rank;

/** All axes of a tensor with a certain number of dimensions. A tensor with any other axis has more dimensions. */
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
 * The rank of a tensor after removing the dimensions `A`. A tensor that has a dimension 1 also has a dimension 0:
 * without the former, a dimension remains in any case.
 *
 * @typeParam All the result if `A` names no dimensions
 */
export type RankWithout<A, All extends Rank = Rank> = A extends readonly []
  ? All
  : A extends number
    ? RankBeyond<[A], AxesOf[1]>
    : A extends readonly unknown[] & { readonly length: keyof AxesOf }
      ? RankBeyond<A, AxesOf[A['length']]>
      : Rank;

/**
 * The rank of a tensor of rank `R` if the dimensions `A` are kept with size 1: if it has these dimensions, it is an
 * array.
 */
export type RankKeeping<A, R extends Rank> = A extends number | readonly [unknown, ...unknown[]] ? 'array' : R;

/** The common dtype of several operands: that of the tensors among them, which plain values take. */
export type JoinedDType<X> = [Extract<X, Tensor>] extends [never] ? OperandDType<X> : OperandDType<Extract<X, Tensor>>;
