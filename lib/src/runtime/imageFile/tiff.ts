/**
 * Checks TIFF files: a directory of tags with the position of the pixels, in strips or tiles, and their compression.
 *
 * @see https://www.adobe.io/open/standards/TIFF.html, revision 6.0
 */

import { inflateSync } from 'node:zlib';
import { messageOf } from '../errorContext';
import { DataLossError, InvalidArgumentError } from '../errors';
import { type ImageCheck, need } from './check';

/** The pixels of a TIFF file, in the format of a canvas. */
export interface TiffPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel, 0 to 255. */
  readonly rgba: Uint8Array;
  /** The EXIF orientation; 1 for none. */
  readonly orientation: number;
}

const tags = {
  width: 256,
  height: 257,
  bits: 258,
  packing: 259,
  colours: 262,
  offsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  sizes: 279,
  planes: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileSizes: 325,
  extra: 338,
  format: 339,
} as const;

/** The size of a number in bytes, by its type; no other types are used. */
const numberSizes: Record<number, number> = { 1: 1, 3: 2, 4: 4 };

type Tag = keyof typeof tags;
type Directory = (tag: Tag, otherwise?: number) => readonly number[];

/** Whether a file has the signature of TIFF, in either byte order. */
export function isTiff(file: Buffer): boolean {
  return ['II*\0', 'MM\0*'].includes(file.toString('latin1', 0, 4));
}

export const checkTiff: ImageCheck = (file, claim) => {
  const { directory, pictures } = open(file);
  claim(one(directory, 'width'), one(directory, 'height'));
  for (const { offset, size } of pieces(directory).places) need(file, offset + size, 'a strip of pixels');
  return pictures;
};

/**
 * The first picture in a TIFF file that {@link checkTiff} has accepted.
 *
 * @throws {InvalidArgumentError} when its compression or colour model isn't supported
 * @throws {DataLossError} when it has fewer pixels than it claims
 */
export function readTiff(file: Buffer): TiffPicture {
  const { directory, littleEndian } = open(file);
  const [width, height] = [one(directory, 'width'), one(directory, 'height')];
  const layout = layoutOf(directory);
  const { places, across, down, columns } = pieces(directory);
  const rgba = new Uint8Array(4 * width * height);
  const rowBytes = Math.ceil((across * layout.samples * layout.bits) / 8);
  for (const [index, { offset, size }] of places.entries()) {
    const left = (index % columns) * across;
    const top = Math.floor(index / columns) * down;
    const rows = columns * across === across && across === width ? Math.min(down, height - top) : down;
    const bytes = unpack(file.subarray(offset, offset + size), layout.packing, rows * rowBytes);
    for (let y = 0; y < rows && top + y < height; y++) {
      const samples = samplesOf(bytes.subarray(y * rowBytes, (y + 1) * rowBytes), across, layout, littleEndian);
      for (let x = 0; x < across && left + x < width; x++)
        layout.colour(samples, x * layout.samples, rgba, 4 * ((top + y) * width + left + x));
    }
  }
  return { width, height, rgba, orientation: one(directory, 'orientation', 1) };
}

/** The first directory of a file, and the number of directories. */
function open(file: Buffer): { directory: Directory; pictures: number; littleEndian: boolean } {
  need(file, 8, 'the header');
  const littleEndian = file[0] === 0x49;
  const read = (at: number, size: number) => (littleEndian ? file.readUIntLE(at, size) : file.readUIntBE(at, size));
  const entries = new Map<number, readonly number[]>();
  const seen = new Set<number>();
  for (let start = read(4, 4); start !== 0; ) {
    if (seen.has(start)) throw new DataLossError(`its directories go round in a circle at byte ${start}`);
    seen.add(start);
    need(file, start + 2, 'a directory');
    const count = read(start, 2);
    const end = start + 2 + 12 * count;
    need(file, end + 4, 'a directory');
    for (let at = start + 2; seen.size === 1 && at < end; at += 12) {
      const size = numberSizes[read(at + 2, 2)];
      if (size === undefined) continue;
      const length = read(at + 4, 4);
      const from = length * size <= 4 ? at + 8 : read(at + 8, 4);
      need(file, from + length * size, `the value of tag ${read(at, 2)}`);
      entries.set(
        read(at, 2),
        Array.from({ length }, (_, i) => read(from + i * size, size)),
      );
    }
    start = read(end, 4);
  }
  const directory: Directory = (tag, otherwise) => {
    const values = entries.get(tags[tag]);
    if (values !== undefined && values.length > 0) return values;
    if (otherwise === undefined) throw new DataLossError(`its tag for ${tag} (${tags[tag]}) is missing`);
    return [otherwise];
  };
  return { directory, pictures: seen.size, littleEndian };
}

function one(directory: Directory, tag: Tag, otherwise?: number): number {
  return directory(tag, otherwise)[0]!;
}

/** The positions of the picture's pieces in the file, and their sizes in pixels. */
function pieces(directory: Directory) {
  const [width, height] = [one(directory, 'width'), one(directory, 'height')];
  const tiled = one(directory, 'tileWidth', 0) > 0;
  const across = tiled ? one(directory, 'tileWidth') : width;
  const down = tiled ? one(directory, 'tileHeight') : Math.min(one(directory, 'rowsPerStrip', height), height);
  if (!(across > 0 && down > 0)) throw new DataLossError('its strips have no rows');
  const columns = Math.ceil(width / across);
  const count = columns * Math.ceil(height / down);
  const offsets = directory(tiled ? 'tileOffsets' : 'offsets');
  const sizes = directory(tiled ? 'tileSizes' : 'sizes');
  if (offsets.length < count || sizes.length < count)
    throw new DataLossError(`it has ${Math.min(offsets.length, sizes.length)} strips of ${count}`);
  const places = offsets.slice(0, count).map((offset, i) => ({ offset, size: sizes[i]! }));
  return { places, across, down, columns };
}

interface Layout {
  readonly samples: number;
  readonly bits: number;
  readonly packing: number;
  readonly predictor: number;
  /** Writes the colour of the samples at an offset. */
  readonly colour: (samples: Float32Array, from: number, rgba: Uint8Array, to: number) => void;
}

function layoutOf(directory: Directory): Layout {
  const refuse = (what: string) => {
    throw new InvalidArgumentError(`${what}, which is not read: save it as PNG`);
  };
  const samples = one(directory, 'samples', 1);
  const bits = one(directory, 'bits', 1);
  const colours = one(directory, 'colours', 1);
  const predictor = one(directory, 'predictor', 1);
  if (![1, 2, 4, 8, 16].includes(bits) || directory('bits', 1).some((other) => other !== bits))
    refuse(`its samples have ${directory('bits', 1).join(', ')} bits`);
  if (one(directory, 'format', 1) !== 1) refuse('its samples are no whole numbers from 0 on');
  if (samples > 1 && one(directory, 'planes', 1) !== 1) refuse('its colours are in planes of their own');
  if (predictor !== 1 && (predictor !== 2 || bits < 8)) refuse(`its predictor is ${predictor}`);
  const extra = samples - ({ 2: 3, 5: 4 }[colours] ?? 1);
  if (extra < 0 || samples > 16) refuse(`it has ${samples} samples a pixel`);
  const opacity = extra > 0 && [1, 2].includes(one(directory, 'extra', 0)) ? samples - extra : -1;
  const scale = 255 / (2 ** bits - 1);
  const palette = colours === 3 ? directory('palette') : [];
  const paint = painters[colours] ?? refuse(`its colours are of the kind ${colours}`);
  const colour: Layout['colour'] = (values, from, rgba, to) => {
    paint!(values, from, rgba, to, scale, palette);
    rgba[to + 3] = opacity < 0 ? 255 : Math.round(values[from + opacity]! * scale);
  };
  return { samples, bits, packing: one(directory, 'packing', 1), predictor, colour };
}

type Painter = (
  values: Float32Array,
  from: number,
  rgba: Uint8Array,
  to: number,
  scale: number,
  palette: readonly number[],
) => void;

/** The colour models, by TIFF's number. */
const painters: Record<number, Painter> = {
  0: (values, from, rgba, to, scale) => rgba.fill(255 - Math.round(values[from]! * scale), to, to + 3), // 0 is white
  1: (values, from, rgba, to, scale) => rgba.fill(Math.round(values[from]! * scale), to, to + 3), // 0 is black
  2: (values, from, rgba, to, scale) => {
    for (let i = 0; i < 3; i++) rgba[to + i] = Math.round(values[from + i]! * scale);
  },
  3: (values, from, rgba, to, _, palette) => {
    const colours = palette.length / 3;
    for (let i = 0; i < 3; i++) rgba[to + i] = (palette[i * colours + values[from]!] ?? 0) >> 8;
  },
  5: (values, from, rgba, to, scale) => {
    const light = 1 - (values[from + 3]! * scale) / 255; // cyan, magenta, yellow and black absorb light
    for (let i = 0; i < 3; i++) rgba[to + i] = Math.round((255 - values[from + i]! * scale) * light);
  },
};

/** The numbers of a row. */
function samplesOf(row: Uint8Array, pixels: number, { samples, bits, predictor }: Layout, littleEndian: boolean) {
  const values = new Float32Array(pixels * samples);
  for (let i = 0; i < values.length; i++) {
    if (bits === 16)
      values[i] = littleEndian ? row[2 * i]! | (row[2 * i + 1]! << 8) : (row[2 * i]! << 8) | row[2 * i + 1]!;
    else if (bits === 8) values[i] = row[i]!;
    else values[i] = (row[(i * bits) >> 3]! >> (8 - bits - ((i * bits) & 7))) & (2 ** bits - 1);
    if (predictor === 2 && i >= samples) values[i] = (values[i]! + values[i - samples]!) % 2 ** bits;
  }
  return values;
}

/** Decompresses a strip or tile, which must have `size` bytes. */
function unpack(bytes: Buffer, packing: number, size: number): Uint8Array {
  const unpacked = unpackAny(bytes, packing, size);
  if (unpacked.length < size) throw new DataLossError(`a strip has ${unpacked.length} bytes of ${size}`);
  return unpacked;
}

function unpackAny(bytes: Buffer, packing: number, size: number): Uint8Array {
  switch (packing) {
    case 1:
      return bytes;
    case 5:
      return unpackLzw(bytes, size);
    case 8:
    case 32946:
      try {
        return inflateSync(bytes, { maxOutputLength: size + 2 ** 16 });
      } catch (error) {
        throw new DataLossError(`a strip can't be unpacked (${messageOf(error)})`);
      }
    case 32773:
      return unpackBits(bytes, size);
    default: {
      const name =
        { 2: 'CCITT', 3: 'CCITT group 3', 4: 'CCITT group 4', 6: 'JPEG', 7: 'JPEG' }[packing] ?? `method ${packing}`;
      throw new InvalidArgumentError(`its pixels are packed by ${name}, which is not read: save it as PNG`);
    }
  }
}

/** PackBits: runs of equal bytes, and literal stretches. */
function unpackBits(bytes: Buffer, size: number): Uint8Array {
  const result = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < bytes.length && to < size; ) {
    const count = bytes.readInt8(at++);
    if (count >= 0) {
      result.set(bytes.subarray(at, at + Math.min(count + 1, size - to)), to);
      to += count + 1;
      at += count + 1;
    } else if (count !== -128) {
      result.fill(bytes[at++]!, to, to + 1 - count);
      to += 1 - count;
    }
  }
  return result.subarray(0, Math.min(to, size));
}

const CLEAR = 256;
const END = 257;

/** TIFF's LZW: codes of 9 bits and more, most significant bit first, growing by a bit one code early. */
function unpackLzw(bytes: Buffer, size: number): Uint8Array {
  const result = new Uint8Array(size);
  // An entry is a range of the output so far: its offset and length.
  const starts = new Uint32Array(4096);
  const lengths = new Uint16Array(4096);
  let [next, width, bit, to] = [258, 9, 0, 0];
  let previous = { start: 0, length: 0 };
  while (to < size && bit + width <= 8 * bytes.length) {
    const at = bit >> 3;
    const code =
      (((bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) >> (24 - width - (bit & 7))) &
      (2 ** width - 1);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width] = [258, 9];
      previous = { start: 0, length: 0 };
      continue;
    }
    const start = to;
    if (code < CLEAR) result[to++] = code;
    else {
      if (code > next || (code === next && previous.length === 0))
        throw new DataLossError('a strip has a code that means nothing');
      // The entry being created is the previous range plus its own first byte, which follows it.
      const [from, length] = code === next ? [previous.start, previous.length + 1] : [starts[code]!, lengths[code]!];
      for (let i = 0; i < length && to < size; i++) result[to++] = result[from + i]!;
    }
    if (previous.length > 0 && next < 4096) {
      starts[next] = previous.start;
      lengths[next] = previous.length + 1;
      next++;
    }
    if (next >= 2 ** width - 1 && width < 12) width++;
    previous = { start, length: to - start };
  }
  return result.subarray(0, to);
}
