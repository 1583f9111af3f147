/**
 * The summary functions of TensorFlow 0.x, whose tags are tensors instead of names, so that lines of old programs have
 * counterparts. As in TensorFlow, they are deprecated in favour of `tf.summary`.
 *
 * @see TensorFlow 0.12's python/ops/logging_ops.py
 */

import type { NumericDType } from '../../runtime/dtypes';
import { onlyOptions, placed } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import type { Tensor } from '../graph/tensor';
import type { Operand } from '../ops/apply';
import { imageAttributes, mergeUnder, type SummaryTensor, summariesIn, taggedSummary } from './summaryOps';

/** Options of the summaries of TensorFlow 0.x. */
export interface OldSummaryOptions {
  /**
   * The collections to which it is added.
   *
   * @defaultValue `GraphKeys.SUMMARIES`
   */
  collections?: readonly string[];
  /**
   * The operation's name.
   *
   * @defaultValue its type
   */
  name?: string;
}

/** Options of {@link imageSummary}. */
export interface OldImageSummaryOptions extends OldSummaryOptions {
  /**
   * The maximum number of images to write per batch.
   *
   * @defaultValue 3
   */
  maxImages?: number;
}

/** Options of {@link audioSummary}. */
export interface OldAudioSummaryOptions extends OldSummaryOptions {
  /**
   * The maximum number of sounds to write per batch.
   *
   * @defaultValue 3
   */
  maxOutputs?: number;
}

/**
 * A summary of numbers.
 *
 * @param tags one per value: strings, or a tensor of strings, of the same shape
 * @param values numbers of any shape
 * @throws {InvalidArgumentError} when the shapes differ; at run time, if they aren't known before
 * @deprecated Use `tf.summary.scalar`.
 * @example
 * tf.scalarSummary('loss', loss);
 * tf.scalarSummary(['least', 'greatest'], tf.pack([tf.reduceMin(logits), tf.reduceMax(logits)]));
 */
export function scalarSummary(
  tags: Operand,
  values: Tensor<NumericDType>,
  options: OldSummaryOptions = {},
): SummaryTensor {
  const { name = 'ScalarSummary', collections } = onlyOptions(options, { name: 'string', collections: 'array' });
  return taggedSummary('ScalarSummary', name, () => tags, [values], collections);
}

/**
 * A summary of the distribution of values.
 *
 * @param tag a string, or a scalar tensor
 * @deprecated Use `tf.summary.histogram`.
 *
 * @example
 * tf.histogramSummary('weights', weights);
 */
export function histogramSummary(
  tag: Operand,
  values: Tensor<NumericDType>,
  options: OldSummaryOptions = {},
): SummaryTensor {
  const { name = 'HistogramSummary', collections } = onlyOptions(options, { name: 'string', collections: 'array' });
  return taggedSummary('HistogramSummary', name, () => tag, [values], collections);
}

/**
 * A summary of images.
 *
 * @param tag a string, or a scalar tensor
 * @param tensor see `tf.summary.image`
 * @deprecated Use `tf.summary.image`.
 *
 * @example
 * tf.imageSummary('input', pictures, 10);
 */
export function imageSummary(
  tag: Operand,
  tensor: Tensor<NumericDType>,
  ...given:
    | [maxImages: number, options?: Omit<OldImageSummaryOptions, 'maxImages'>]
    | [options?: OldImageSummaryOptions]
): SummaryTensor {
  const options = placed<OldImageSummaryOptions>(given, ['maxImages']);
  const known = onlyOptions(options, { maxImages: 'number', name: 'string', collections: 'array' });
  const { maxImages = 3, name = 'ImageSummary', collections } = known;
  return taggedSummary('ImageSummary', name, () => tag, [tensor], collections, imageAttributes(maxImages));
}

/**
 * A summary of sounds.
 *
 * @param tag a string, or a scalar tensor
 * @param tensor see `tf.summary.audio`
 * @param sampleRate frames per second, a number or a scalar
 * @deprecated Use `tf.summary.audio`.
 *
 * @example
 * tf.audioSummary('tone', tf.reshape(tone, [1, -1]), 8000, 1);
 */
export function audioSummary(
  tag: Operand,
  tensor: Tensor<'float32'>,
  sampleRate: number | Tensor<'float32'>,
  ...given:
    | [maxOutputs: number, options?: Omit<OldAudioSummaryOptions, 'maxOutputs'>]
    | [options?: OldAudioSummaryOptions]
): SummaryTensor {
  const options = placed<OldAudioSummaryOptions>(given, ['maxOutputs']);
  const known = onlyOptions(options, { maxOutputs: 'number', name: 'string', collections: 'array' });
  const { maxOutputs = 3, name = 'AudioSummary', collections } = known;
  const attributes = { max_outputs: maxOutputs };
  return taggedSummary('AudioSummaryV2', name, () => tag, [tensor, sampleRate], collections, attributes);
}

/**
 * Merges summaries into one.
 *
 * @deprecated Use `tf.summary.merge`.
 *
 * @example
 * const merged = tf.mergeSummary([lossSummary, rateSummary]);
 */
export function mergeSummary(inputs: readonly SummaryTensor[], options: OldSummaryOptions = {}): SummaryTensor {
  const { collections, name } = onlyOptions(options, { collections: 'array', name: 'string' });
  return mergeUnder(name ?? 'MergeSummary', inputs, collections, name);
}

/**
 * Merges all summaries of the default graph into one.
 *
 * @param key the collection to merge
 * @throws {NotFoundError} when there are none
 * @deprecated Use `tf.summary.mergeAll`.
 *
 * @example
 * const merged = tf.mergeAllSummaries();
 */
export function mergeAllSummaries(key: string = GraphKeys.SUMMARIES): SummaryTensor {
  return mergeSummary(summariesIn(key));
}
