/**
 * Losses of classifiers. They take logits, the unscaled outputs of a network, instead of probabilities. Including the
 * softmax or sigmoid is faster, and accurate even where a probability is close to 0.
 */

import { InvalidArgumentError } from '../../../runtime/errors';
import { sizeOf } from '../../../runtime/hostArray';
import { checkKeys, onlyOptions, placed } from '../../../runtime/options';
import { areCompatible, isFullyDefined, type Shape, Tensor, type TensorLike } from '../../graph/tensor';
import { apply, asTensor, graphOf, type Operand, type OpOptions } from '../apply';
import { reshape, shape, stopGradient, transpose, zerosLike } from '../array';
import { add, mul, sub } from '../elementwise/binary';
import { cast } from '../elementwise/cast';
import { greaterEqual } from '../elementwise/comparison';
import { abs, exp, log1p, neg } from '../elementwise/unary';
import { getItem, where } from '../indexing';
import type { OperandDType, OperandRank } from '../types';
import { relu } from './activations';
import { dimensionBeforeLast } from './axis';

/** The inputs of a cross entropy: by name, because the two are easily swapped. */
export interface CrossEntropyOptions<L extends TensorLike> extends OpOptions {
  /** The true labels. */
  labels: TensorLike;
  /** The network's outputs, floating-point. */
  logits: L;
}

/** The inputs of a softmax cross entropy. */
export interface SoftmaxCrossEntropyOptions<L extends TensorLike> extends CrossEntropyOptions<L> {
  /**
   * @defaultValue the last one
   */
  axis?: number;
}

/** The inputs of {@link weightedCrossEntropyWithLogits}. */
export interface WeightedCrossEntropyOptions<L extends TensorLike> extends CrossEntropyOptions<L> {
  /** The weight of positive labels: above 1, a missed positive costs more; below 1, a false positive does. */
  posWeight: TensorLike;
}

/**
 * @param order of the two, if they are positional
 * @throws {InvalidArgumentError} when one of the two is missing
 */
function checkBoth(what: string, given: Partial<CrossEntropyOptions<TensorLike>>, order: string): void {
  if (typeof given !== 'object' || given?.logits === undefined || given.labels === undefined)
    throw new InvalidArgumentError(`${what} takes { labels, logits }, or ${order} in this order`);
}

/**
 * Normalizes the arguments of a cross entropy: TensorFlow 0.x took logits and labels by position, in that order.
 *
 * @param first the options, or the logits
 * @throws {InvalidArgumentError} when one of the two is missing
 */
function byName<O extends CrossEntropyOptions<TensorLike>>(
  what: string,
  first: O | TensorLike,
  labels: TensorLike | undefined,
  rest: Omit<O, 'labels' | 'logits'> | undefined,
  known: readonly (keyof O & string)[] = ['labels', 'logits', 'name'],
): O {
  const named = labels === undefined ? (first as O) : ({ ...rest, logits: first, labels } as O);
  if (typeof named === 'object' && !(named instanceof Tensor)) checkKeys(named, known);
  checkBoth(what, named, 'logits and labels');
  return named;
}

// Classes that exclude each other

/**
 * The cross entropy between labels, given as probabilities of the classes, and the softmax of logits. Labels get no
 * gradient; with {@link softmaxCrossEntropyWithLogitsV2} they do.
 *
 * @param options.labels [batch, classes], each row a distribution
 * @param options.logits [batch, classes]; more dimensions are allowed
 * @returns [batch], the loss of each example
 * @throws {InvalidArgumentError} when the shapes differ, or `axis` is not a dimension
 *
 * @example
 * const loss = tf.reduceMean(tf.nn.softmaxCrossEntropyWithLogits({ labels: tf.oneHot(labels, 10), logits }));
 */
export function softmaxCrossEntropyWithLogits<L extends TensorLike>(
  options: SoftmaxCrossEntropyOptions<L>,
): Tensor<OperandDType<L>>;
/** @deprecated By position, logits first, as in TensorFlow 0.x; by name, the two can't be swapped. */
export function softmaxCrossEntropyWithLogits<L extends TensorLike>(
  logits: L,
  labels: TensorLike,
  options?: Omit<SoftmaxCrossEntropyOptions<L>, 'labels' | 'logits'>,
): Tensor<OperandDType<L>>;
export function softmaxCrossEntropyWithLogits<L extends TensorLike>(
  first: SoftmaxCrossEntropyOptions<L> | L,
  second?: TensorLike,
  rest?: Omit<SoftmaxCrossEntropyOptions<L>, 'labels' | 'logits'>,
): Tensor<OperandDType<L>> {
  const {
    labels,
    logits,
    axis,
    name = 'softmax_cross_entropy_with_logits_sg',
  } = byName<SoftmaxCrossEntropyOptions<L>>('softmaxCrossEntropyWithLogits', first, second, rest, [
    'labels',
    'logits',
    'axis',
    'name',
  ]);
  const graph = graphOf([logits, labels]);
  return graph.nameScope(name, (scope) => {
    const scores = asTensor(logits, undefined, 'logits', graph);
    const constant = stopGradient(asTensor(labels, scores.dtype, 'labels', graph), { name: 'labels_stop_gradient' });
    return softmaxCrossEntropy(constant, scores, axis, scope) as Tensor<OperandDType<L>>;
  });
}

/**
 * Like {@link softmaxCrossEntropyWithLogits}, but with a gradient for the labels too, for example if another network
 * computes them.
 *
 * @throws {InvalidArgumentError} when the shapes differ, or `axis` is not a dimension
 *
 * @example
 * const teacher = tf.stopGradient(tf.nn.softmax(logits));
 * tf.nn.softmaxCrossEntropyWithLogitsV2({ labels: teacher, logits });
 */
export function softmaxCrossEntropyWithLogitsV2<L extends TensorLike>(
  options: SoftmaxCrossEntropyOptions<L>,
): Tensor<OperandDType<L>>;
/** By position, labels first, as in Python. By name, the two can't be swapped. */
export function softmaxCrossEntropyWithLogitsV2<L extends TensorLike>(
  labels: TensorLike,
  logits: L,
  ...given: [axis: number, options?: OpOptions] | [options?: Omit<SoftmaxCrossEntropyOptions<L>, 'labels' | 'logits'>]
): Tensor<OperandDType<L>>;
export function softmaxCrossEntropyWithLogitsV2<L extends TensorLike>(
  ...given: readonly unknown[]
): Tensor<OperandDType<L>> {
  const options = placed<SoftmaxCrossEntropyOptions<L>>(given, ['labels', 'logits', 'axis']);
  checkBoth('softmaxCrossEntropyWithLogitsV2', options, 'labels and logits');
  const known = onlyOptions(options, { labels: 'any', logits: 'any', axis: 'number', name: 'string' });
  const { labels, logits, axis, name = 'softmax_cross_entropy_with_logits' } = known;
  const graph = graphOf([logits, labels]);
  return graph.nameScope(name, (scope) => {
    const scores = asTensor(logits, undefined, 'logits', graph);
    const probabilities = asTensor(labels, scores.dtype, 'labels', graph);
    return softmaxCrossEntropy(probabilities, scores, axis, scope) as Tensor<OperandDType<L>>;
  });
}

/**
 * TensorFlow's operation supports only matrices; other shapes are converted to a matrix, and the losses converted back.
 */
function softmaxCrossEntropy(labels: Tensor, logits: Tensor, axis = -1, scope: string): Tensor {
  const type = 'SoftmaxCrossEntropyWithLogits';
  const probabilities = labels.dtype === logits.dtype ? labels : cast(labels, logits.dtype);
  const scores = classesLast(logits, axis);
  const targets = classesLast(probabilities, axis);
  if (scores.rank === 2) return apply(type, [scores, targets], {}, scope).outputs[0]!;
  const losses = apply(type, [toMatrix(scores), toMatrix(targets)], {}, scope).outputs[0]!;
  return toOuterShape(losses, scores);
}

/** Moves dimension `axis` to the end. */
function classesLast(x: Tensor, axis: number): Tensor {
  const classes = dimensionBeforeLast(x, axis);
  if (classes === null) return x;
  const others = Array.from(x.shape!, (_, i) => i).filter((i) => i !== classes);
  return transpose(x, { perm: [...others, classes] });
}

/** The sizes of all dimensions except the last. */
const outerShape = (x: Tensor): Shape => x.shape?.slice(0, -1) ?? null;

/** Merges all dimensions except the last into one. */
function toMatrix(x: Tensor): Tensor {
  const outer = outerShape(x);
  const classes = x.shape?.at(-1) ?? getItem(shape(x), [-1]);
  return reshape(x, [isFullyDefined(outer) ? sizeOf(outer) : -1, classes]);
}

/** Reshapes a loss per row to the shape of `scores` without their last dimension. */
function toOuterShape(losses: Tensor, scores: Tensor): Tensor {
  const outer = outerShape(scores);
  if (isFullyDefined(outer)) return reshape(losses, outer);
  const result: Tensor = reshape(losses, getItem(shape(scores), [[null, -1]]));
  result.setShape(outer);
  return result;
}

/**
 * The cross entropy between labels, given as class numbers, and the softmax of logits.
 *
 * @param options.labels [batch] of `int32` or `int64`, from 0 to classes - 1
 * @param options.logits [batch, classes]; several dimensions before the classes are allowed
 * @returns the loss of each example, in the shape of the labels
 * @throws {InvalidArgumentError} when the labels' shape isn't that of the logits without the classes; when, in a run, a
 * label is not a class (GPUs return NaN for it)
 *
 * @example
 * const loss = tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels, logits }));
 */
export function sparseSoftmaxCrossEntropyWithLogits<L extends TensorLike>(
  options: CrossEntropyOptions<L>,
): Tensor<OperandDType<L>>;
/** @deprecated By position, logits first, as in TensorFlow 0.x; by name, the two can't be swapped. */
export function sparseSoftmaxCrossEntropyWithLogits<L extends TensorLike>(
  logits: L,
  labels: TensorLike,
  options?: Omit<CrossEntropyOptions<L>, 'labels' | 'logits'>,
): Tensor<OperandDType<L>>;
export function sparseSoftmaxCrossEntropyWithLogits<L extends TensorLike>(
  first: CrossEntropyOptions<L> | L,
  second?: TensorLike,
  rest?: Omit<CrossEntropyOptions<L>, 'labels' | 'logits'>,
): Tensor<OperandDType<L>> {
  const {
    labels,
    logits,
    name = 'SparseSoftmaxCrossEntropyWithLogits',
  } = byName<CrossEntropyOptions<L>>('sparseSoftmaxCrossEntropyWithLogits', first, second, rest);
  const type = 'SparseSoftmaxCrossEntropyWithLogits';
  const graph = graphOf([logits, labels]);
  // The operation has the name of its scope, `xentropy/xentropy`, as in Python.
  const operation = name.split('/').filter(Boolean).at(-1) ?? type;
  return graph.nameScope(name, () => {
    const scores = asTensor(logits, undefined, 'logits', graph);
    const classes = asTensor(labels, 'int32', 'labels', graph);
    checkShapes(classes, scores);
    if (scores.rank === 2) return apply(type, [scores, classes], {}, operation).outputs[0]! as Tensor<OperandDType<L>>;
    const losses = apply(type, [toMatrix(scores), reshape(classes, [-1])], {}, operation).outputs[0]!;
    const result = reshape(losses, shape(classes));
    result.setShape(classes.shape);
    return result as Tensor<OperandDType<L>>;
  });
}

function checkShapes(labels: Tensor, logits: Tensor): void {
  if (logits.rank === 0) throw new InvalidArgumentError(`logits have at least a dimension of classes: ${logits}`);
  if (!areCompatible(labels.shape, outerShape(logits)))
    throw new InvalidArgumentError(
      `the labels must have the shape of the logits without the classes: ${labels}, ${logits}`,
    );
}

// Classes that may occur together

/** Converts logits and labels to tensors, which must have the same shape. */
function sameShapes(labels: Operand, logits: Operand): [labels: Tensor, logits: Tensor] {
  const graph = graphOf([logits, labels]);
  const scores = asTensor(logits, undefined, 'logits', graph);
  const targets = asTensor(labels, scores.dtype, 'labels', graph);
  if (!areCompatible(targets.shape, scores.shape))
    throw new InvalidArgumentError(`labels and logits must have one shape: ${targets}, ${scores}`);
  return [targets, scores];
}

/**
 * The cross entropy between probabilities and the sigmoid of logits, independently for each class.
 *
 * @param options.labels of the shape and dtype of the logits, from 0 to 1
 * @returns the loss of each element
 * @throws {InvalidArgumentError} when the shapes differ
 *
 * @example
 * tf.nn.sigmoidCrossEntropyWithLogits({ labels: [0, 1], logits: [0, 0] }); // [0.693147, 0.693147]
 */
export function sigmoidCrossEntropyWithLogits<L extends TensorLike>(
  options: CrossEntropyOptions<L>,
): Tensor<OperandDType<L>, OperandRank<L>>;
/** @deprecated By position, logits first, as in TensorFlow 0.x; by name, the two can't be swapped. */
export function sigmoidCrossEntropyWithLogits<L extends TensorLike>(
  logits: L,
  labels: TensorLike,
  options?: Omit<CrossEntropyOptions<L>, 'labels' | 'logits'>,
): Tensor<OperandDType<L>, OperandRank<L>>;
export function sigmoidCrossEntropyWithLogits<L extends TensorLike>(
  first: CrossEntropyOptions<L> | L,
  second?: TensorLike,
  rest?: Omit<CrossEntropyOptions<L>, 'labels' | 'logits'>,
): Tensor<OperandDType<L>, OperandRank<L>> {
  const {
    labels,
    logits,
    name = 'logistic_loss',
  } = byName<CrossEntropyOptions<L>>('sigmoidCrossEntropyWithLogits', first, second, rest);
  return graphOf([logits, labels]).nameScope(name, (scope) => {
    const [z, x] = sameShapes(labels, logits);
    // max(x, 0) - x z + log(1 + exp(-|x|)), where the gradients of max and |x| at 0 are 0 and -1, which is correct in
    // combination.
    const zeros = zerosLike(x);
    const positive = greaterEqual(x, zeros);
    const rectified = where(positive, x, zeros);
    const negativeSize = where(positive, neg(x), x);
    const linear = sub(rectified, mul(x, z, { name: 'mul' }), { name: 'sub' });
    return add(linear, log1p(exp(negativeSize)), { name: scope }) as Tensor as Tensor<OperandDType<L>, OperandRank<L>>;
  });
}

/**
 * {@link sigmoidCrossEntropyWithLogits} with a weight for positive labels, which trades precision for recall.
 *
 * @param options.posWeight above 1, a missed positive costs more; below 1, a false positive does
 * @returns the loss of each element
 * @throws {InvalidArgumentError} when the shapes differ
 *
 * @example
 * tf.nn.weightedCrossEntropyWithLogits({ labels: [0, 1], logits: [0, 0], posWeight: 20 }); // [0.693147, 13.86294]
 */
export function weightedCrossEntropyWithLogits<L extends TensorLike>(
  options: WeightedCrossEntropyOptions<L>,
): Tensor<OperandDType<L>, OperandRank<L>>;
/** By position, labels first, as in Python. By name, the two can't be swapped. */
export function weightedCrossEntropyWithLogits<L extends TensorLike>(
  labels: TensorLike,
  logits: L,
  posWeight: TensorLike,
  options?: OpOptions,
): Tensor<OperandDType<L>, OperandRank<L>>;
export function weightedCrossEntropyWithLogits<L extends TensorLike>(
  ...given: readonly unknown[]
): Tensor<OperandDType<L>, OperandRank<L>> {
  const options = placed<WeightedCrossEntropyOptions<L>>(given, ['labels', 'logits', 'posWeight']);
  checkBoth('weightedCrossEntropyWithLogits', options, 'labels and logits');
  const known = onlyOptions(options, { labels: 'any', logits: 'any', posWeight: 'any', name: 'string' });
  const { labels, logits, posWeight, name = 'logistic_loss' } = known;
  const graph = graphOf([logits, labels, posWeight]);
  return graph.nameScope(name, (scope) => {
    const [z, x] = sameShapes(labels, logits);
    const excess =
      typeof posWeight === 'number'
        ? posWeight - 1
        : sub(asTensor(posWeight, x.dtype, 'pos_weight', graph), 1, { name: 'sub' });
    const weight = add(1, mul(excess as Tensor, z, { name: 'mul' }), { name: 'add' });
    const falsely = mul(sub(1, z, { name: 'sub' }), x, { name: 'mul' });
    const softplusOfMinusX = add(log1p(exp(neg(abs(x)))), relu(neg(x)), { name: 'add' });
    return add(falsely, mul(weight, softplusOfMinusX, { name: 'mul' }), { name: scope }) as Tensor as Tensor<
      OperandDType<L>,
      OperandRank<L>
    >;
  });
}
