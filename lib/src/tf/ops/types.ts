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

/** The dtype of operands that have to agree: that of the tensors among them, which plain values take. */
export type JoinedDType<X> = [Extract<X, Tensor>] extends [never] ? OperandDType<X> : OperandDType<Extract<X, Tensor>>;
