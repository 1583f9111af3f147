/** Checks that a picture file is complete and of a reasonable size, before anything decodes it. */
import { withContext } from '../errorContext';
import { DataLossError, InvalidArgumentError } from '../errors';
import { checkAvif, isAvif } from './avif';
import { checkBmp } from './bmp';
import type { ImageCheck } from './check';
import { checkGif } from './gif';
import { checkJpeg } from './jpeg';
import { checkPng } from './png';
import { checkTiff, isTiff } from './tiff';
import { checkWebp } from './webp';

/** The file formats that {@link checkImageFile} recognizes. */
export type ImageFormat = 'PNG' | 'JPEG' | 'GIF' | 'WebP' | 'BMP' | 'AVIF' | 'TIFF';

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The format, size and number of pictures that a file claims. */
export interface ImageFileInfo extends ImageSize {
  readonly format: ImageFormat;
  /** The number of pictures, one after the other; decoders use the first. */
  readonly pictures: number;
}

/**
 * The maximum number of pixels of a picture: 8192 × 8192, 256 MiB once decoded. Phones take up to 50 million, scanners
 * 35 million.
 */
export const MOST_PIXELS = 2 ** 26;

const latin1 = (file: Buffer, start: number, end: number) => file.toString('latin1', start, end);

const formats: readonly { format: ImageFormat; begins: (file: Buffer) => boolean; check: ImageCheck }[] = [
  { format: 'PNG', begins: (file) => latin1(file, 0, 4) === '\x89PNG', check: checkPng },
  { format: 'JPEG', begins: (file) => latin1(file, 0, 3) === '\xff\xd8\xff', check: checkJpeg },
  { format: 'GIF', begins: (file) => latin1(file, 0, 4) === 'GIF8', check: checkGif },
  {
    format: 'WebP',
    begins: (file) => latin1(file, 0, 4) === 'RIFF' && latin1(file, 8, 12) === 'WEBP',
    check: checkWebp,
  },
  { format: 'BMP', begins: (file) => latin1(file, 0, 2) === 'BM', check: checkBmp },
  { format: 'AVIF', begins: isAvif, check: checkAvif },
  { format: 'TIFF', begins: isTiff, check: checkTiff },
];

/** Formats that are often mistaken for supported pictures. */
const others: readonly { begins: RegExp; found: string }[] = [
  { begins: /^.{4}ftyp(hei[cxms]|hev|mif1|msf1)/s, found: 'a HEIC file, as telephones take them' },
  { begins: /^%PDF/, found: 'a PDF file' },
  { begins: /^\s*(<\?xml[^>]*>\s*)?(<!--.*-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg/is, found: 'an SVG file' },
];

/**
 * Checks a picture file before it is decoded. Decoders accept truncated files and fill missing parts with grey or
 * black, and they allocate whatever size a file claims. So every part must be present; checksums must match if the
 * format has them (PNG: those of the chunks and of the compressed pixels); and the uncompressed data must have the
 * expected size. Other formats have no checksums for pixels, so modified bytes there can't be detected.
 *
 * @param name the name of the bytes in errors, such as their file's path
 * @returns the format and the claimed size of the first picture
 * @throws {DataLossError} when the bytes are not a picture of a known format, or damaged
 * @throws {InvalidArgumentError} when it has more than {@link MOST_PIXELS}
 *
 * @example
 * const { format, width, height } = await checkImageFile(new Uint8Array(), 'three.png');
 */
export async function checkImageFile(bytes: Uint8Array, name: string): Promise<ImageFileInfo> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = formats.find(({ begins }) => begins(file));
  if (!known) {
    const other = others.find(({ begins }) => begins.test(latin1(file, 0, 256)));
    const found = other ? `${other.found}: save it as PNG or JPEG` : `${file.length} bytes of something else`;
    const names = formats.map(({ format }) => format).join(', ');
    throw new DataLossError(`${name}: expected a picture (${names}), found ${found}`);
  }
  let size: ImageSize | undefined;
  const claim = (width: number, height: number) => {
    if (!(width > 0 && height > 0)) throw new DataLossError(`it claims ${width} × ${height} pixels`);
    if (width * height > MOST_PIXELS)
      throw new InvalidArgumentError(
        `it claims ${width} × ${height} pixels, and at most ${MOST_PIXELS} are read (8192 × 8192); make it smaller`,
      );
    size ??= { width, height };
  };
  try {
    const pictures = (await known.check(file, claim)) || 1;
    if (!size) throw new DataLossError('it has no picture');
    return { format: known.format, pictures, ...size };
  } catch (error) {
    const what = error instanceof InvalidArgumentError ? 'too large' : 'damaged';
    throw withContext(error, (message) => `${name}: the ${known.format} file is ${what}: ${message}`);
  }
}
