/** Images for a classifier from files. */
import path from 'node:path';
import { readIdx } from '../data';
import { IMAGE_PIXELS, IMAGE_SIZE } from '../mnist/fullyConnected';
import { DataLossError, InvalidArgumentError } from '../runtime/errors';
import { readWhole } from '../runtime/files';
import { HostArray } from '../runtime/hostArray';
import { checkImageFile } from '../runtime/imageFile';

/**
 * The images in a file, as MNIST has them: `uint8` from 0, the paper, to 255, the ink, `[n, 28, 28]`.
 *
 * An IDX file has any number of them. A picture (PNG, JPEG, WebP …) is one: it is scaled to 28 × 28 grey pixels, and where its edge is
 * light it is taken for dark ink on paper, and inverted.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when an IDX file holds no images of 28 × 28 bytes, or a picture is too large (8192 × 8192 pixels)
 * @throws {DataLossError} when it is damaged, or no picture
 *
 * @example
 * await agent.infer(await models.readImages('three.png'));
 */
export async function readImages(file: string): Promise<HostArray<'uint8'>> {
  if (!/\.idx|-ubyte|\.gz$/i.test(path.basename(file))) return readPicture(file);
  const array = await readIdx(file);
  const [, ...size] = array.shape;
  if (array.dtype !== 'uint8' || size.join() !== `${IMAGE_SIZE},${IMAGE_SIZE}`)
    throw new InvalidArgumentError(
      `${file}: expected images, uint8 [n, ${IMAGE_SIZE}, ${IMAGE_SIZE}], got ${array.dtype} [${array.shape}]`,
    );
  return array;
}

async function readPicture(file: string): Promise<HostArray<'uint8'>> {
  const bytes = await readWhole(file);
  await checkImageFile(bytes, file);
  const { createCanvas, loadImage } = await import('@napi-rs/canvas'); // takes a while to load, and most runs don't need it
  const context = createCanvas(IMAGE_SIZE, IMAGE_SIZE).getContext('2d');
  context.fillStyle = 'white'; // behind what is transparent
  context.fillRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
  try {
    context.drawImage(await loadImage(bytes), 0, 0, IMAGE_SIZE, IMAGE_SIZE);
  } catch (error) {
    throw new DataLossError(`${file}: expected an IDX file or a picture, found neither (${(error as Error).message})`);
  }
  const { data } = context.getImageData(0, 0, IMAGE_SIZE, IMAGE_SIZE);
  const grey = Uint8Array.from({ length: IMAGE_PIXELS }, (_, i) =>
    Math.round(0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!),
  );
  const edge = grey.filter((_, i) => onEdge(i % IMAGE_SIZE) || onEdge(Math.floor(i / IMAGE_SIZE)));
  const isPaper = edge.reduce((sum, value) => sum + value, 0) / edge.length > 127;
  return new HostArray('uint8', [1, IMAGE_SIZE, IMAGE_SIZE], isPaper ? grey.map((value) => 255 - value) : grey);
}

function onEdge(place: number): boolean {
  return place === 0 || place === IMAGE_SIZE - 1;
}
