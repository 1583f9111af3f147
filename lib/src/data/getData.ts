/** A complete set at once, like the articles' `get_data`. */
import type { HostArray } from '../runtime/hostArray';
import { onlyOptions } from '../runtime/options';
import type { ImageDType, LabelDType } from './dataSet';
import { dataSetsOptions, type ReadDataSetsOptions, readDataSets } from './mnist';

/** Options of {@link getData}. */
export interface GetDataOptions<D extends ImageDType = ImageDType, H extends boolean = boolean>
  extends ReadDataSetsOptions<D, H> {
  /**
   * Whether to return the training examples, including those for validation, or the test set.
   *
   * @defaultValue `true`
   */
  train?: boolean;
  /**
   * The folder of the files.
   *
   * @defaultValue `data`
   */
  dir?: string;
}

/**
 * All images of the training or test set, `[examples, 784]`, and their labels.
 *
 * @throws {TensorFlowError} when {@link readDataSets} throws it
 *
 * @example
 * const [images, labels] = await data.getData({ train: false });
 */
export async function getData<D extends ImageDType = 'float32', H extends boolean = false>(
  options: GetDataOptions<D, H> = {},
): Promise<[images: HostArray<D>, labels: HostArray<LabelDType<H>>]> {
  const {
    train = true,
    dir = 'data',
    ...rest
  } = onlyOptions(options, { ...dataSetsOptions, train: 'boolean', dir: 'path' });
  const sets = await readDataSets(dir, { ...rest, validationSize: 0 } as ReadDataSetsOptions<D, H>);
  const { images, labels } = train ? sets.train : sets.test;
  return [images, labels];
}
