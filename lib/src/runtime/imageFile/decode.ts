/** Decodes the bytes of a picture file into pixels. */
import { messageOf, withContext } from '../errorContext';
import { DataLossError } from '../errors';
import { needPackages } from '../optionalPackages';
import { checkImageFile, type ImageSize } from './index';
import { readTiff } from './tiff';

/** The pixels of a picture. If its file says that it is rotated, the size is that of the rotated picture. */
export interface DecodedImage extends ImageSize {
  /** The number of pictures in the file; this is the first. */
  readonly pictures: number;
  /** Complete rows from the top, in pieces: red, green, blue and alpha, a byte each. */
  readonly rows: Iterable<Uint8Array | Uint8ClampedArray>;
}

/** The number of rows read from a canvas at once: few, because a large picture is already in memory once. */
const ROWS = 256;

/**
 * Decodes the picture in the bytes of a file; the first of several.
 *
 * @param name the name of the file, for errors
 * @throws {DataLossError} when the bytes are damaged, or not a picture
 * @throws {InvalidArgumentError} when it has too many pixels, or an unsupported format
 * @throws {FailedPreconditionError} when the package that decodes it isn't installed
 */
export async function decodeImage(bytes: Buffer, name: string): Promise<DecodedImage> {
  const { format, pictures } = await checkImageFile(bytes, name);
  return { pictures, ...(format === 'TIFF' ? tiffRows(bytes, name) : await canvasRows(bytes, name)) };
}

type Rows = Omit<DecodedImage, 'pictures'>;

/** Decoded by a canvas, which rotates the picture according to EXIF. */
async function canvasRows(bytes: Buffer, name: string): Promise<Rows> {
  needPackages('reading a picture', '@napi-rs/canvas');
  const { createCanvas, loadImage } = await import('@napi-rs/canvas'); // loading takes a while, and most runs don't need it
  const image = await loadImage(bytes).catch((error: unknown) => {
    throw new DataLossError(`${name}: the picture can't be decoded (${messageOf(error)})`);
  });
  const { width, height } = image;
  function* rows() {
    const context = createCanvas(width, Math.min(ROWS, height)).getContext('2d');
    for (let top = 0; top < height; top += ROWS) {
      context.clearRect(0, 0, width, ROWS);
      context.drawImage(image, 0, -top);
      yield context.getImageData(0, 0, width, Math.min(ROWS, height - top)).data;
    }
  }
  return { width, height, rows: rows() };
}

function tiffRows(bytes: Buffer, name: string): Rows {
  const { width, height, rgba, orientation } = naming(name, () => readTiff(bytes));
  const rows = [turned(rgba, width, height, orientation)];
  return orientation > 4 ? { width: height, height: width, rows } : { width, height, rows };
}

/** The pixels, rotated and mirrored according to an EXIF orientation. */
function turned(rgba: Uint8Array, width: number, height: number, orientation: number): Uint8Array {
  if (orientation < 2 || orientation > 8) return rgba;
  const swapped = orientation > 4; // rows become columns
  const [fromRight, fromBottom] = [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
  const [across, down] = swapped ? [height, width] : [width, height];
  const source = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const target = new Uint32Array(width * height);
  for (let row = 0, to = 0; row < down; row++)
    for (let column = 0; column < across; column++, to++) {
      const [x, y] = swapped ? [row, column] : [column, row];
      target[to] = source[(fromBottom ? height - 1 - y : y) * width + (fromRight ? width - 1 - x : x)]!;
    }
  return new Uint8Array(target.buffer);
}

function naming<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withContext(error, (message) => `${name}: the TIFF file can't be read: ${message}`);
  }
}
