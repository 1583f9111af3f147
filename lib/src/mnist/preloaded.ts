/**
 * Preloaded data, as in TensorFlow's guide to reading data: the graph holds a whole set, and each step is told which
 * rows to take.
 */
import { checkImageSet, type DataSet } from '../data/dataSet';
import { checkBatchSize } from '../data/epochs';
import { packedImages } from '../data/rows';
import type { HostArray } from '../runtime/hostArray';
import { residentArray } from '../tf/graph/nativeTensor';
import type { Tensor } from '../tf/graph/tensor';
import { placeholder, placeholderWithDefault } from '../tf/ops/constants';
import { cast, div } from '../tf/ops/elementwise';
import { gather } from '../tf/ops/indexing';
import { nameScope } from '../tf/scopes';
import type { Feeds } from '../tf/session';

/** A set in a graph. */
interface Preloaded {
  readonly dataSet: DataSet;
  readonly batchSize: number;
  readonly rows: Tensor<'int32'>;
  /** The feeds of every step: the whole set, which lies in native memory. */
  readonly whole: readonly (readonly [Tensor, HostArray])[];
}

/** Keyed by the images of the batch. */
const preloaded = new WeakMap<Tensor, Preloaded>();

/**
 * The images and labels of a batch that the graph takes from a whole set, in place of {@link placeholderInputs}.
 * {@link fillFeedDict} then feeds row numbers instead of images.
 *
 * The set is copied once (pixels as bytes); later changes of its `images` have no effect. Other sets, and examples of
 * one's own, are fed for these two tensors as for placeholders.
 *
 * The set lies in this process's memory: a session on a server would have to be sent it with every step.
 *
 * @returns images, `[batchSize, 784]`, and labels, class numbers of shape `[batchSize]`
 * @throws {InvalidArgumentError} when `batchSize` isn't an integer from 1 to the number of examples
 *
 * @see TensorFlow 1's guide "Reading data", "Preloaded data"
 *
 * @example
 * const [images, labels] = mnist.preloadedInputs(sets.train, 100);
 * const loss = mnist.loss(mnist.inference(images, 128, 32), labels);
 * const session = new tf.Session();
 * session.runSync(tf.globalVariablesInitializer());
 * session.runSync(loss, mnist.fillFeedDict(sets.train, images, labels));
 */
export function preloadedInputs(
  dataSet: DataSet,
  batchSize: number,
): [images: Tensor<'float32', 'array'>, labels: Tensor<'int32', 'array'>] {
  checkImageSet(dataSet);
  checkBatchSize(batchSize, dataSet.numExamples);
  return nameScope('preloaded', () => {
    const { shape } = dataSet.images;
    const pixels = packedImages(dataSet.images)?.pixels;
    const allImages = pixels
      ? residentArray('uint8', shape, pixels)
      : residentArray('float32', shape, dataSet.images.data);
    const allLabels = residentArray('int32', dataSet.labels.shape, dataSet.labels.data);
    const rows = placeholder('int32', [batchSize], { name: 'rows' });
    const take = <D extends 'uint8' | 'float32' | 'int32'>(all: HostArray<D>, name: string) => {
      const fed = placeholder(all.dtype, all.shape, { name: `all_${name}` });
      return [fed, gather(fed, rows, { name })] as const;
    };
    const [imagesFed, someImages] = take<'uint8' | 'float32'>(allImages, 'images');
    const [labelsFed, labels] = take(allLabels, 'labels');
    // libtensorflow turns a division by a constant into a multiplication, whose results differ.
    const scaled = () => div(cast(someImages, 'float32'), placeholderWithDefault(255, [], { name: 'divisor' }));
    const images = (pixels ? scaled() : someImages) as Tensor<'float32', 'array'>;
    preloaded.set(images, {
      dataSet,
      batchSize,
      rows,
      whole: [
        [imagesFed, allImages],
        [labelsFed, allLabels],
      ],
    });
    return [images, labels];
  });
}

/**
 * The feeds for the next batch of a set that the graph holds; undefined if `images` come from no such set or another
 * one, or have another batch size.
 */
export function preloadedFeeds(dataSet: DataSet, images: Tensor, batchSize: number): Feeds | undefined {
  const found = preloaded.get(images);
  if (found?.dataSet !== dataSet || found.batchSize !== batchSize) return undefined;
  return [...found.whole, [found.rows, dataSet.nextRows(batchSize)]];
}
