/** From the bytes of a picture's file to its pixels. */
import { messageOf, withContext } from '../../runtime/errorContext';
import { DataLossError } from '../../runtime/errors';
import { checkImageFile } from '../../runtime/imageFile';
import { readTiff } from '../../runtime/imageFile/tiff';
import { needPackages } from '../../runtime/optionalPackages';
import { type Colours, Reducer } from './colours';

/** A picture, and what there is to say about how it was read. */
export interface Decoded {
  readonly colours: Colours;
  readonly notes: readonly string[];
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
export async function decodePicture(bytes: Buffer, name: string): Promise<Decoded> {
  const { format, pictures } = await checkImageFile(bytes, name);
  const colours = format === 'TIFF' ? tiffColours(bytes, name) : await canvasColours(bytes, name);
  return { colours, notes: pictures > 1 ? [`the first of ${pictures} pictures`] : [] };
}

/** As a canvas decodes it, which turns it as EXIF says. */
async function canvasColours(bytes: Buffer, name: string): Promise<Colours> {
  needPackages('reading a picture', '@napi-rs/canvas');
  const { createCanvas, loadImage } = await import('@napi-rs/canvas'); // takes a while to load, and most runs don't need it
  const image = await loadImage(bytes).catch((error: unknown) => {
    throw new DataLossError(`${name}: the picture can't be decoded (${messageOf(error)})`);
  });
  const reducer = new Reducer(image.width, image.height);
  const rows = Math.min(ROWS, image.height);
  const context = createCanvas(image.width, rows).getContext('2d');
  for (let top = 0; top < image.height; top += rows) {
    context.clearRect(0, 0, image.width, rows);
    context.drawImage(image, 0, -top);
    reducer.add(context.getImageData(0, 0, image.width, Math.min(rows, image.height - top)).data);
  }
  return reducer.colours;
}

function tiffColours(bytes: Buffer, name: string): Colours {
  const { width, height, rgba, orientation } = naming(name, () => readTiff(bytes));
  const reducer = orientation > 4 ? new Reducer(height, width) : new Reducer(width, height);
  reducer.add(turned(rgba, width, height, orientation));
  return reducer.colours;
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
