/** Feeds examples to a graph: placeholders, feed dicts, and evaluation over a whole set. */

import type { DataSet } from '../data';
import { checkImageSet } from '../data/dataSet';
import { checkInstance, checkObject, shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { onlyOptions } from '../runtime/options';
import { type Scalar, Tensor } from '../tf/graph/tensor';
import { placeholder } from '../tf/ops/constants';
import { type Feeds, Session } from '../tf/session';
import { preloadedFeeds } from './preloaded';
import { IMAGE_PIXELS } from './sizes';

/**
 * The placeholders of a batch.
 *
 * @param batchSize `null` for any
 * @returns images, `[batchSize, 784]`, and labels, class numbers of shape `[batchSize]`
 *
 * @example
 * const [images, labels] = mnist.placeholderInputs(100);
 */
export function placeholderInputs(
  batchSize: number | null,
): [images: Tensor<'float32', 'array'>, labels: Tensor<'int32', 'array'>] {
  return [
    placeholder('float32', [batchSize, IMAGE_PIXELS], { name: 'images' }),
    placeholder('int32', [batchSize], { name: 'labels' }),
  ];
}

/**
 * The next batch of a set as a feed dict. Its size is that of the placeholders, or 100 if they accept any.
 *
 * @example
 * const [, value] = await session.run([trainOp, loss], mnist.fillFeedDict(sets.train, images, labels));
 */
export function fillFeedDict(
  dataSet: DataSet,
  images: Tensor<'float32'>,
  labels: Tensor<'int32'>,
  options: { batchSize?: number; fakeData?: boolean } = {},
): Feeds {
  onlyOptions(options, { batchSize: 'number', fakeData: 'boolean' });
  checkImageSet(dataSet);
  const { batchSize = batchSizeOf(images), fakeData = false } = options;
  const rows = fakeData ? undefined : preloadedFeeds(dataSet, images, batchSize);
  if (rows) return rows;
  const [imageBatch, labelBatch] = dataSet.nextBatch(batchSize, { fakeData });
  return [
    [images, imageBatch],
    [labels, labelBatch],
  ];
}

/** The result of {@link doEval}: how much of a set is classified correctly. */
export interface Precision {
  readonly numExamples: number;
  readonly numCorrect: number;
  /** The fraction that is correct. */
  readonly precision: number;
}

/**
 * Evaluates a whole set once, in its own order, and prints the result in the article's format. No batches are taken
 * from the set, so training isn't affected. If the placeholders have a fixed size, examples that don't fill a whole
 * batch are left out.
 *
 * @param evalCorrect the number of correct examples in a batch, see `evaluation`
 * @param log receives the line to print
 *
 * @example
 * const evalCorrect = mnist.evaluation(logits, labels);
 * const { precision } = await mnist.doEval(session, evalCorrect, images, labels, sets.test);
 */
export async function doEval(
  session: Session,
  evalCorrect: Scalar<'int32'>,
  images: Tensor<'float32'>,
  labels: Tensor<'int32'>,
  dataSet: DataSet,
  log: (line: string) => void = console.log,
): Promise<Precision> {
  checkInstance('what evaluates', session, Session);
  let [numExamples, numCorrect] = [0, 0];
  for (const { feeds, size } of batchesOf(dataSet, images, labels)) {
    numCorrect += await session.run(evalCorrect, feeds);
    numExamples += size;
  }
  const precision = numExamples === 0 ? 0 : numCorrect / numExamples;
  const evaluation = { numExamples, numCorrect, precision };
  log(describeEvaluation(evaluation));
  return evaluation;
}

/**
 * The result of an evaluation in the article's format.
 *
 * @example
 * const line = mnist.describeEvaluation({ numExamples: 10000, numCorrect: 9007, precision: 0.9007 });
 * line.trim(); // 'Num examples: 10000  Num correct: 9007  Precision @ 1: 0.90'
 */
export function describeEvaluation(evaluation: Precision): string {
  checkObject('an evaluation', evaluation);
  const { numExamples, numCorrect, precision } = evaluation;
  if (typeof precision !== 'number') throw new InvalidArgumentError(`a precision is a number, not ${shown(precision)}`);
  return `  Num examples: ${numExamples}  Num correct: ${numCorrect}  Precision @ 1: ${precision.toFixed(2)}`;
}

/** Some examples as a feed dict, with their number. */
export interface EvaluationBatch {
  readonly feeds: Feeds;
  readonly size: number;
}

/**
 * Iterates over a whole set once, in its own order, as feed dicts, without affecting training. If the placeholders have
 * a fixed size, examples that don't fill a whole batch are left out.
 *
 * @example
 * let sum = 0;
 * for (const { feeds, size } of mnist.batchesOf(sets.validation, images, labels)) sum += size * (await session.run(loss, feeds));
 */
export function* batchesOf(
  dataSet: DataSet,
  images: Tensor<'float32'>,
  labels: Tensor<'int32'>,
): Generator<EvaluationBatch> {
  checkImageSet(dataSet);
  const batchSize = batchSizeOf(images);
  const fixed = images.shape?.[0] != null;
  const count = fixed ? dataSet.numExamples - (dataSet.numExamples % batchSize) : dataSet.numExamples;
  for (let begin = 0; begin < count; begin += batchSize) {
    const end = Math.min(begin + batchSize, count);
    const [imageBatch, labelBatch] = dataSet.slice(begin, end);
    const feeds: Feeds = [
      [images, imageBatch],
      [labels, labelBatch],
    ];
    yield { feeds, size: end - begin };
  }
}

function batchSizeOf(images: Tensor): number {
  checkInstance('the placeholder of images', images, Tensor);
  return images.shape?.[0] ?? 100;
}
