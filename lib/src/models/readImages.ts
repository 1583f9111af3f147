/** Reads images for a classifier from files. */

import path from 'node:path';
import { readIdx } from '../data';
import { IMAGE_SIZE } from '../mnist/sizes';
import { checkPath } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { readWhole } from '../runtime/files';
import { HostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import { readDigit } from './pictures';

/** The images in a file, and what was done to get them. */
export interface PreparedImages {
  /** `uint8` from 0, the paper, to 255, the ink, `[n, 28, 28]`. */
  readonly images: HostArray<'uint8'>;
  /** In words, what was done to a picture; undefined where images are as the file has them. */
  readonly preparation?: string;
  /** What may be wrong with a picture, such as another digit in it, in sentences without a point; empty where nothing is. */
  readonly warnings: readonly string[];
}

/**
 * The images in a file, as MNIST has them: `uint8` from 0, the paper, to 255, the ink, `[n, 28, 28]`.
 *
 * An IDX file has any number of them, which are taken as they are. A picture (PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF) is one digit,
 * and is prepared as MNIST's digits were: ink is found, dark or light, on whatever ground, unevenly lit or transparent; it is cropped,
 * scaled into 20 × 20 with its proportions kept, and centred by its mass in 28 × 28. Lines of ruled and squared paper are taken out.
 * Where it isn't clear what the digit is, as where there are two, the process warns (`process.emitWarning`).
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when an IDX file holds no images of 28 × 28 bytes, when a picture is too large (8192 × 8192 pixels), and
 *   when there is no ink in it, or none that can be told from lines
 * @throws {DataLossError} when it is damaged, or no picture
 *
 * @example
 * await agent.infer(await models.readImages('three.png'));
 */
export async function readImages(file: string): Promise<HostArray<'uint8'>> {
  const { images, warnings } = await prepareImages(file);
  for (const warning of warnings) process.emitWarning(`${file}: ${warning}`, 'Picture');
  return images;
}

/**
 * Does what {@link readImages} does, and says what was done to a picture, and what may be wrong with it.
 *
 * @throws {TensorFlowError} when {@link readImages} does
 *
 * @example
 * const { images, preparation } = await models.prepareImages('three.jpg');
 * preparation; // 'dark ink on light ground, uneven light flattened, cropped to 34×50 at 12, 40, scaled to 14×20, centred'
 */
export async function prepareImages(file: string): Promise<PreparedImages> {
  checkPath('the name of a file', file);
  if (!/\.idx|-ubyte|\.gz$/i.test(path.basename(file))) return preparePicture(file);
  const array = await readIdx(file);
  const [, ...size] = array.shape;
  if (array.dtype !== 'uint8' || size.join() !== `${IMAGE_SIZE},${IMAGE_SIZE}`)
    throw new InvalidArgumentError(
      `${file}: expected images, uint8 [n, ${IMAGE_SIZE}, ${IMAGE_SIZE}], got ${array.dtype} ${shapeText(array.shape)}`,
    );
  return { images: array, warnings: [] };
}

async function preparePicture(file: string): Promise<PreparedImages> {
  const { pixels, steps, warnings } = await readDigit(await readWhole(file), file);
  return {
    images: new HostArray('uint8', [1, IMAGE_SIZE, IMAGE_SIZE], pixels),
    preparation: steps.join(', '),
    warnings,
  };
}
