/**
 * Builds summaries: operations whose values, serialized `Summary` messages, a `FileWriter` writes to event files.
 *
 * @see TensorFlow's python/summary/summary.py and summary_op_util.py
 */

import { type MessageInit, SummaryMetadata } from '../../protos';
import { checkText } from '../../runtime/arguments';
import type { NumericDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import type { Tensor } from '../graph/tensor';
import { asTensor, type Operand } from '../ops/apply';
import { cleanTag, imageAttributes, mergeUnder, type SummaryTensor, summariesIn, summaryOf } from './summaryOps';

export type { SummaryTensor };

/** Options common to all summaries. */
export interface SummaryOptions {
  /**
   * The collections to which it is added, for {@link mergeAll}.
   *
   * @defaultValue `GraphKeys.SUMMARIES`
   */
  collections?: readonly string[];
  /** A prefix of the tag, by which TensorBoard groups summaries. */
  family?: string;
}

/** Options of {@link image}. */
export interface ImageSummaryOptions extends SummaryOptions {
  /**
   * The maximum number of images per batch.
   *
   * @defaultValue `3`
   */
  maxOutputs?: number;
  /**
   * The colour of pixels that aren't finite numbers, one byte per channel.
   *
   * @defaultValue red
   */
  badColor?: readonly number[];
}

/** Options of {@link audio}. */
export interface AudioSummaryOptions extends SummaryOptions {
  /**
   * The maximum number of sounds per batch.
   *
   * @defaultValue `3`
   */
  maxOutputs?: number;
}

/** Options of {@link tensorSummary}. */
export interface TensorSummaryOptions extends SummaryOptions {
  /**
   * The name that TensorBoard shows.
   *
   * @defaultValue the tag
   */
  displayName?: string;
  /** The description that TensorBoard shows, in Markdown. */
  summaryDescription?: string;
  /** The TensorBoard plugin that shows it, and the plugin's data. */
  summaryMetadata?: MessageInit<SummaryMetadata>;
}

/**
 * A summary of one number.
 *
 * @param name the tag, under the current name scope; characters that no name can have become `_`
 * @param tensor a scalar, a real number
 *
 * @example
 * tf.summary.scalar('loss', loss);
 */
export function scalar(name: string, tensor: Tensor, options: SummaryOptions = {}): SummaryTensor {
  onlyOptions(options, { collections: 'array', family: 'string' });
  return summaryOf('ScalarSummary', name, [tensor], options);
}

/**
 * A summary of the distribution of values. Running it fails if a value is not a finite number.
 *
 * @param name the tag, see {@link scalar}
 * @param values real numbers, of any shape
 *
 * @example
 * tf.summary.histogram('weights', weights);
 */
export function histogram(name: string, values: Tensor, options: SummaryOptions = {}): SummaryTensor {
  onlyOptions(options, { collections: 'array', family: 'string' });
  return summaryOf('HistogramSummary', name, [values], options);
}

/**
 * A summary of images. Bytes are used unchanged. Other numbers are scaled per image: if none is negative, so that the
 * greatest becomes 255; otherwise so that 0 becomes 128 and the one with the greatest absolute value 1 or 255. Running
 * it fails if the tensor has another shape.
 *
 * @param name the tag, see {@link scalar}, followed by `/image`, or by `/image/0`, `/image/1` … unless `maxOutputs` is
 * 1
 * @param tensor `[batch, height, width, channels]`, where 1 channel is grey, 3 are RGB and 4 RGBA; `uint8`, `float16`,
 * `float32` or `float64`
 *
 * @example
 * tf.summary.image('input', pictures, 10);
 */
export function image(
  name: string,
  tensor: Tensor<NumericDType>,
  ...given: [maxOutputs: number, options?: Omit<ImageSummaryOptions, 'maxOutputs'>] | [options?: ImageSummaryOptions]
): SummaryTensor {
  const options = placed<ImageSummaryOptions>(given, ['maxOutputs']);
  const known = onlyOptions(options, {
    maxOutputs: 'number',
    badColor: 'array',
    collections: 'array',
    family: 'string',
  });
  const { maxOutputs = 3, badColor, ...others } = known;
  return summaryOf('ImageSummary', name, [tensor], others, imageAttributes(maxOutputs, badColor));
}

/**
 * A summary of sounds.
 *
 * @param name the tag, see {@link scalar}, followed by `/audio`, or by `/audio/0`, `/audio/1` … unless `maxOutputs` is
 * 1
 * @param tensor `[batch, frames, channels]` or `[batch, frames]`, `float32` from -1 to 1
 * @param sampleRate frames per second, a number or a scalar
 *
 * @example
 * tf.summary.audio('tone', tf.reshape(tone, [1, -1]), 8000, 1);
 */
export function audio(
  name: string,
  tensor: Tensor<'float32'>,
  sampleRate: number | Tensor<'float32'>,
  ...given: [maxOutputs: number, options?: Omit<AudioSummaryOptions, 'maxOutputs'>] | [options?: AudioSummaryOptions]
): SummaryTensor {
  const options = placed<AudioSummaryOptions>(given, ['maxOutputs']);
  const { maxOutputs = 3, ...others } = onlyOptions(options, {
    maxOutputs: 'number',
    collections: 'array',
    family: 'string',
  });
  return summaryOf('AudioSummaryV2', name, [tensor, sampleRate], others, { max_outputs: maxOutputs });
}

/**
 * A summary of text, which TensorBoard shows as Markdown: a vector as a table of one column, a matrix as a table.
 *
 * @param name the tag, see {@link scalar}
 * @param tensor strings, `string` if it is a tensor
 * @throws {InvalidArgumentError} when the tensor holds no strings
 *
 * @example
 * tf.summary.text('settings', [['learning rate', '0.01'], ['batch size', '100']]);
 */
export function text(name: string, tensor: Operand, options: Pick<SummaryOptions, 'collections'> = {}): SummaryTensor {
  const { collections } = onlyOptions(options, { collections: 'array' });
  checkText('the name of a summary', name);
  const strings = asTensor(tensor, 'string');
  if (strings.dtype !== 'string') throw new InvalidArgumentError(`expected strings for '${name}', got ${strings}`);
  return tensorSummary(name, strings, { collections, summaryMetadata: { pluginData: { pluginName: 'text' } } });
}

/**
 * A summary that stores any tensor unchanged, for a plugin of TensorBoard or for reading it back.
 *
 * @param name the tag, see {@link scalar}
 *
 * @example
 * tf.summary.tensorSummary('logits', logits, { summaryDescription: 'before the softmax' });
 */
export function tensorSummary(name: string, tensor: Tensor, options: TensorSummaryOptions = {}): SummaryTensor {
  const known = onlyOptions(options, {
    displayName: 'string',
    summaryDescription: 'string',
    summaryMetadata: 'object',
    collections: 'array',
    family: 'string',
  });
  const { displayName, summaryDescription, summaryMetadata, ...others } = known;
  const metadata = SummaryMetadata.encode({
    ...summaryMetadata,
    ...(displayName !== undefined && { displayName }),
    ...(summaryDescription !== undefined && { summaryDescription }),
  });
  return summaryOf('TensorSummaryV2', name, [tensor, metadata], others);
}

/**
 * Merges summaries into one.
 *
 * @throws {InvalidArgumentError} when there are none, or two of them have the same tag
 *
 * @example
 * const merged = tf.summary.merge([lossSummary, rateSummary]);
 */
export function merge(
  inputs: readonly SummaryTensor[],
  options: { collections?: readonly string[]; name?: string } = {},
): SummaryTensor {
  const { collections = [], name } = onlyOptions(options, { collections: 'array', name: 'string' });
  const clean = name === undefined ? undefined : cleanTag(name);
  return mergeUnder(clean ?? 'Merge', inputs, collections, clean);
}

/**
 * Merges all summaries of the default graph into one.
 *
 * @param key the collection to merge
 * @param scope merges only summaries whose names begin with it; may be among the options too
 * @throws {NotFoundError} when there are none (Python returns `None`, which every caller would have to check for)
 *
 * @example
 * const summary = tf.summary.mergeAll();
 * writer.addSummary(await session.run(summary, feeds), step);
 */
export function mergeAll(
  key: string = GraphKeys.SUMMARIES,
  ...given: [scope: string, options?: { name?: string }] | [options?: { scope?: string; name?: string }]
): SummaryTensor {
  const options = placed<{ scope?: string; name?: string }>(given, ['scope']);
  const { scope, name } = onlyOptions(options, { scope: 'string', name: 'string' });
  return merge(summariesIn(key, scope), { name });
}
