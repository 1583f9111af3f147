/** Classifiers of digits, which read MNIST and images. Subclasses only define their graphs. */
import { DataSet, type DataSets, dataSetNames, readDataSets } from '../data';
import { IMAGE_PIXELS, IMAGE_SIZE, NUM_CLASSES } from '../mnist/sizes';
import { InvalidArgumentError } from '../runtime/errors';
import { type ArrayLike, HostArray, toHostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import { Classifier, type ClassifierTask, classification } from './classifier';
import { flag, type Keys, key, oneOf, path, type ValuesOf } from './configuration';
import type { DigitModel } from './pad/digitReader';
import { drawn } from './pictures';
import { prepareImages } from './readImages';
import { type ConfigOf, type Sets, SupervisedAgent, type SupervisedConfig } from './supervisedAgent';
import type { FileExamples } from './task';

/** The additional keys of all models of digits, for their data. */
const dataKeys = {
  /** Where the data is, or is downloaded to. */
  dataDir: key(path, 'the folder of the data, which is downloaded if missing', 'data'),
  /** Which data set the files there are of. */
  dataset: key(oneOf(dataSetNames), 'the data set of the files in that folder', 'mnist'),
  /** Trains on made-up examples, for a quick try. */
  fakeData: key(flag, 'train on artificial examples, for a quick try', false),
};

/** The keys shared by the configurations of all models of digits. */
export interface DigitConfig extends SupervisedConfig, ValuesOf<typeof dataKeys> {}

/** The configuration of a model of digits with these keys of its own. */
export type DigitConfigOf<K extends Keys> = ConfigOf<K, DigitConfig>;

/** A model's answer for an image of a digit. */
export interface Prediction {
  /** The most probable digit. */
  readonly digit: number;
  /** Its probability. */
  readonly probability: number;
  /** The probability of each digit. */
  readonly probabilities: readonly number[];
}

/** The task of models of digits. */
interface DigitTask extends ClassifierTask<ArrayLike, Prediction> {}

/**
 * A classifier of MNIST's digits. A subclass defines its `modelName`, `keys`, `searchSpace` and network, whose inputs
 * are `images`, `[n, 784]`, and `labels`, `[n]`.
 *
 * @example
 * class Linear extends models.DigitClassifier {
 *   static readonly modelName: string = 'linear';
 *   static readonly keys = { maxIter: models.key(models.wholeNumber(0), 'steps to take', 1000) };
 *   static readonly searchSpace = {};
 *
 *   protected override buildNetwork(): models.ClassifierNetwork {
 *     const [images, labels] = mnist.placeholderInputs(null);
 *     const logits = tf.matmul(images, new tf.Variable(tf.zeros([784, 10])));
 *     const loss = mnist.loss(logits, labels);
 *     return { inputs: { images, labels }, labels, logits, loss, trainOp: mnist.training(loss, 0.5) };
 *   }
 * }
 */
export abstract class DigitClassifier<C extends DigitConfig = DigitConfig> extends Classifier<C, DigitTask> {
  static override readonly commonKeys: Keys = { ...SupervisedAgent.commonKeys, ...dataKeys };
  static override readonly dataKeys: readonly string[] = ['dataDir', 'dataset'];

  protected override async loadData(): Promise<Sets> {
    const { dataDir, dataset, fakeData, randomSeed } = this.config;
    const sets = fitting(await readDataSets(dataDir, { dataset, fakeData, seed: randomSeed }), dataDir);
    const { source, description } = sets;
    const columns = ({ images, labels, seed }: DataSets['train']) => new DataSet({ images, labels }, { seed });
    return {
      train: columns(sets.train),
      validation: columns(sets.validation),
      test: columns(sets.test),
      source,
      description,
    };
  }

  protected override columnsOf(images: ArrayLike): Record<string, HostArray> {
    return { images: imageRows(images) };
  }

  /** Reads images like {@link prepareImages}. */
  override async readExamples(file: string): Promise<FileExamples<ArrayLike>> {
    const { images, preparation, warnings } = await prepareImages(file);
    const pixels = images.data;
    const show = (index: number) => drawn(pixels.subarray(index * IMAGE_PIXELS, (index + 1) * IMAGE_PIXELS));
    return { examples: images, preparation, warnings, show };
  }

  /** @internal Its initialized session, and the tensors for images and digits, for a pad. */
  async digitModel(): Promise<DigitModel> {
    const { inputs, outputs } = this.signature();
    await this.initialized();
    return {
      session: this.session,
      images: inputs.images as DigitModel['images'],
      logits: outputs.logits as DigitModel['logits'],
    };
  }

  protected override predictionOf(row: Float32Array): Prediction {
    const { label: digit, probability, probabilities } = classification(row);
    return { digit, probability, probabilities };
  }
}

/**
 * Checks that the networks can use the data.
 *
 * @throws {InvalidArgumentError} when there are no training examples, images have another size, or there are more
 * classes
 */
function fitting(data: DataSets, dir: string): DataSets {
  if (data.train.numExamples === 0) throw new InvalidArgumentError(`${dir} has no training examples`);
  const [, pixels] = data.train.images.shape;
  if (pixels !== IMAGE_PIXELS)
    throw new InvalidArgumentError(
      `${dir} has images of ${pixels} pixels; the models take ${IMAGE_SIZE}×${IMAGE_SIZE}, which is ${IMAGE_PIXELS}`,
    );
  if (data.numClasses > NUM_CLASSES)
    throw new InvalidArgumentError(`${dir} has ${data.numClasses} classes; the models tell ${NUM_CLASSES} apart`);
  return data;
}

/** Images as rows of pixels from 0 to 1. */
function imageRows(images: ArrayLike): HostArray<'float32'> {
  const array = toHostArray(images);
  const [count = 0, ...size] = array.shape;
  if (!['784', '28,28', '28,28,1'].includes(size.join()) || !['float32', 'uint8'].includes(array.dtype))
    throw new InvalidArgumentError(
      `expected images of float32 or uint8, [n, 784] or [n, 28, 28], got ${array.dtype} ${shapeText(array.shape)}`,
    );
  const pixels = array.data as Float32Array | Uint8Array;
  const data = pixels instanceof Float32Array ? pixels : Float32Array.from(pixels, (pixel) => pixel / 255);
  return new HostArray('float32', [count, IMAGE_PIXELS], data);
}
