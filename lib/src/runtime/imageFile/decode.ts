/** Decodes the bytes of a picture file into pixels. */
import { messageOf, withContext } from '../errorContext';
import { DataLossError } from '../errors';
import { needPackages } from '../optionalPackages';
import { checkImageFile, type ImageSize } from './index';
import { readTiff } from './tiff';

/** The pixels of a picture, whose size is that of the turned one, where its file says that it is to be turned. */
export interface DecodedImage extends ImageSize {
  /** How many pictures the file has; this is the first. */
  readonly pictures: number;
  /** Whole rows from the top, in pieces: red, green, blue and alpha, a byte each. */
  readonly rows: Iterable<Uint8Array | Uint8ClampedArray>;
}

/** Rows that are taken from a canvas at once: few, since a large picture is in memory once already. */
const ROWS = 256;

/**
 * The picture in the bytes of a file; of several, the first.
 *
 * @param name what the bytes are called in errors
 * @throws {DataLossError} when they are damaged, or no picture
 * @throws {InvalidArgumentError} when it has too many pixels, or is of a kind that isn't read
 * @throws {FailedPreconditionError} when what decodes it, a package, isn't installed
 */
export async function decodeImage(bytes: Buffer, name: string): Promise<DecodedImage> {
  const { format, pictures } = await checkImageFile(bytes, name);
  return { pictures, ...(format === 'TIFF' ? tiffRows(bytes, name) : await canvasRows(bytes, name)) };
}

type Rows = Omit<DecodedImage, 'pictures'>;

/** As a canvas decodes it, which turns it as EXIF says. */
async function canvasRows(bytes: Buffer, name: string): Promise<Rows> {
  needPackages('reading a picture', '@napi-rs/canvas');
  const { createCanvas, loadImage } = await import('@napi-rs/canvas'); // takes a while to load, and most runs don't need it
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

/** The pixels turned and mirrored as one of EXIF's numbers says. */
function turned(rgba: Uint8Array, width: number, height: number, orientation: number): Uint8Array {
  if (orientation < 2 || orientation > 8) return rgba;
  const swapped = orientation > 4; // its rows become columns
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
