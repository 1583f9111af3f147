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

/** The images in a file, and how they were prepared. */
export interface PreparedImages {
  /** `uint8` from 0 (paper) to 255 (ink), `[n, 28, 28]`. */
  readonly images: HostArray<'uint8'>;
  /** How a picture was prepared, in words; undefined if images are used unchanged. */
  readonly preparation?: string;
  /** Possible problems with a picture, such as another digit in it, as sentences without a full stop. */
  readonly warnings: readonly string[];
}

/**
 * Reads the images in a file, in MNIST's form: `uint8` from 0 (paper) to 255 (ink), `[n, 28, 28]`.
 *
 * An IDX file contains any number of images, which are used unchanged. A picture (PNG, JPEG, WebP, GIF, BMP, TIFF or
 * AVIF) is one digit, and is prepared as MNIST's digits were: dark or light ink is found on any ground, also unevenly
 * lit or transparent; it is cropped, scaled into 20 × 20 preserving its proportions, and centred by mass in 28 × 28.
 * Lines of ruled and squared paper are removed. If it is unclear what the digit is, for example if there are two, the
 * process emits a warning (`process.emitWarning`).
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when an IDX file doesn't contain images of 28 × 28 bytes, when a picture is too large
 * (more than 8192 × 8192 pixels), and when there is no ink in it, or none that can be distinguished from lines
 * @throws {DataLossError} when it is damaged, or not a picture
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
 * Like {@link readImages}; also returns how a picture was prepared, and possible problems with it.
 *
 * @throws {TensorFlowError} when {@link readImages} throws it
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
