/** A network that reads digits, for a pad. */

import { IMAGE_PIXELS, IMAGE_SIZE, NUM_CLASSES } from '../../mnist/sizes';
import { checkInstance, checkObject } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';
import { Tensor } from '../../tf/graph/tensor';
import { Session } from '../../tf/session';
import { type Answer, layerOf } from './answer';
import { softmax } from './probabilities';

/** A network that reads digits: its session and the tensors for images and digits. */
export interface DigitModel {
  /** The session with the trained values. */
  readonly session: Session;
  /** The images, from 0 (paper) to 1: `float32` `[null, 784]`, `[null, 28, 28]` or `[null, 28, 28, 1]`. */
  readonly images: Tensor<'float32'>;
  /** The logits of the digits, `[null, 10]`. */
  readonly logits: Tensor<'float32'>;
}

/** Activation functions: the pad shows the feature maps of such operations. */
const ACTIVATIONS = new Set(['Relu', 'Relu6', 'Elu', 'Selu', 'LeakyRelu', 'Softplus', 'Tanh', 'Sigmoid']);

/** The network behind a pad. */
export class DigitReader {
  readonly session: Session;
  readonly images: Tensor<'float32'>;
  readonly logits: Tensor<'float32'>;
  /** The layers with feature maps, those closest to the image first. */
  readonly layers: readonly Tensor[];
  readonly #imageShape: readonly number[];

  /** @throws {InvalidArgumentError} when a part is missing, or has another shape */
  constructor(model: DigitModel) {
    checkObject('what reads digits', model);
    const { session, images, logits } = model;
    checkInstance('the session of what reads digits', session, Session, 'session');
    checkInstance('the images of what reads digits', images, Tensor);
    checkInstance('the logits of what reads digits', logits, Tensor);
    session.graph.checkOwns(images);
    session.graph.checkOwns(logits);
    this.#imageShape = imageShapeOf(images);
    if (logits.dtype !== 'float32' || logits.shape?.length !== 2 || ![NUM_CLASSES, null].includes(logits.shape[1]!))
      throw new InvalidArgumentError(
        `the logits of what reads digits are float32 [null, ${NUM_CLASSES}], and ${logits.name} is ${logits.dtype} ${shapeText(logits.shape)}`,
      );
    this.session = session;
    this.images = images;
    this.logits = logits;
    this.layers = layersOf(logits);
  }

  /** The current network's answer for 28 × 28 bytes, in which 0 is paper. */
  async read(pixels: Uint8Array): Promise<Answer> {
    const image = Float32Array.from(pixels, (pixel) => pixel / 255);
    const [logits, ...maps] = await this.session.run(
      [this.logits, ...this.layers],
      [[this.images, new HostArray('float32', [1, ...this.#imageShape], image)]],
    );
    const layers = (maps as HostArray<'float32'>[]).map(layerOf);
    return { probabilities: softmax((logits as HostArray<'float32'>).data), layers };
  }
}

/** The shape of one image. */
function imageShapeOf({ name, dtype, shape }: Tensor): readonly number[] {
  const [examples, ...size] = shape ?? [];
  const known = [[IMAGE_PIXELS], [IMAGE_SIZE, IMAGE_SIZE], [IMAGE_SIZE, IMAGE_SIZE, 1]];
  const one = known.find(
    (sizes) => sizes.length === size.length && sizes.every((each, i) => [each, null].includes(size[i]!)),
  );
  if (dtype !== 'float32' || one === undefined || (examples !== null && examples !== 1))
    throw new InvalidArgumentError(
      `the images of what reads digits are float32 [null, ${IMAGE_PIXELS}] or [null, ${IMAGE_SIZE}, ${IMAGE_SIZE}, 1], and ${name} is ${dtype} ${shapeText(shape)}`,
    );
  return one;
}

/** Activations with spatial dimensions between the images and the logits. */
function layersOf(logits: Tensor): Tensor[] {
  const layers: Tensor[] = [];
  const seen = new Set<Tensor>();
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    for (const input of tensor.op.inputs) visit(input);
    const [, ...size] = tensor.shape ?? [];
    if (ACTIVATIONS.has(tensor.op.type) && size.length === 3 && size.every((length) => length !== null))
      layers.push(tensor);
  };
  visit(logits);
  return layers;
}
