/** Files of pictures in formats that the canvas doesn't write, each in the plainest way that its format has. */
import { deflateSync } from 'node:zlib';
import { chunk } from '../runtime/png';

/** A picture of grey pixels, 0 to 255. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** A PNG file of grey samples of 16 bits. */
export function png16({ width, height, grey }: GreyPicture): Buffer {
  const rows = Buffer.alloc(height * (1 + 2 * width));
  for (const [at, value] of grey.entries())
    rows.writeUInt16BE(value * 257, Math.floor(at / width) * (1 + 2 * width) + 1 + 2 * (at % width));
  return pngOf(width, height, 16, 0, rows);
}

/** A PNG file of black and white. */
export function png1({ width, height, grey }: GreyPicture): Buffer {
  const length = 1 + Math.ceil(width / 8);
  const rows = Buffer.alloc(height * length);
  for (const [at, value] of grey.entries()) {
    const x = at % width;
    if (value > 127) rows[((at - x) / width) * length + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
  }
  return pngOf(width, height, 1, 0, rows);
}

/** A PNG file whose pixels are places in a palette, which has the shades the other way round. */
export function pngPalette({ width, height, grey }: GreyPicture): Buffer {
  const rows = Buffer.alloc(height * (1 + width));
  for (const [at, value] of grey.entries()) rows[Math.floor(at / width) * (1 + width) + 1 + (at % width)] = 255 - value;
  const palette = Buffer.from(Array.from({ length: 256 }, (_, i) => [255 - i, 255 - i, 255 - i]).flat());
  return pngOf(width, height, 8, 3, rows, palette);
}

function pngOf(width: number, height: number, depth: number, kind: number, rows: Buffer, palette?: Buffer): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, depth, kind, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const chunks = [
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

/** A BMP file of 24 bits a pixel. */
export function bmp({ width, height, grey }: GreyPicture): Buffer {
  const row = 4 * Math.ceil((3 * width) / 4);
  const file = Buffer.alloc(54 + row * height);
  file.write('BM', 0, 'latin1');
  for (const [at, value] of Object.entries({ 2: file.length, 10: 54, 14: 40, 18: width, 22: height }))
    file.writeUInt32LE(value, Number(at));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (const [at, value] of grey.entries()) {
    const x = at % width;
    const from = 54 + (height - 1 - (at - x) / width) * row + 3 * x; // from below
    file.fill(value, from, from + 3);
  }
  return file;
}

/** What differs from grey bytes as they are, in one strip. */
export interface TiffOptions {
  /**
   * The strips, packed.
   *
   * @defaultValue one of the grey bytes
   */
  readonly strips?: readonly Buffer[];
  /** Values of tags by their number, in place of the usual ones. */
  readonly tags?: Readonly<Record<number, readonly number[]>>;
  readonly bigEndian?: boolean;
  /** How many directories the file has, which all tell of the same picture. */
  readonly pictures?: number;
}

/** A TIFF file. */
export function tiff({ width, height, grey }: GreyPicture, options: TiffOptions = {}): Buffer {
  const { strips = [Buffer.from(grey)], tags = {}, bigEndian = false, pictures = 1 } = options;
  const offsets = strips.map((_, i) => 8 + strips.slice(0, i).reduce((sum, strip) => sum + strip.length, 0));
  const rows = Math.ceil(height / strips.length);
  const all = Object.entries({
    ...{ 256: [width], 257: [height], 258: [8], 259: [1], 262: [1], 273: offsets, 277: [1], 278: [rows] },
    279: strips.map(({ length }) => length),
    ...tags,
  });
  const file = Buffer.alloc(8 + strips.reduce((sum, strip) => sum + strip.length, 0) + 65_536 * pictures);
  const write = (value: number, at: number, size: number) =>
    bigEndian ? file.writeUIntBE(value, at, size) : file.writeUIntLE(value, at, size);
  file.write(bigEndian ? 'MM\0*' : 'II*\0', 0, 'latin1');
  for (const [i, strip] of strips.entries()) file.set(strip, offsets[i]!);
  let place = offsets.at(-1)! + strips.at(-1)!.length;
  let link = 4;
  for (let picture = 0; picture < pictures; picture++) {
    write(place, link, 4);
    write(all.length, place, 2);
    link = place + 2 + 12 * all.length;
    let at = place + 2;
    place = link + 4;
    for (const [tag, values] of all) {
      write(Number(tag), at, 2);
      write(4, at + 2, 2);
      write(values.length, at + 4, 4);
      if (values.length === 1) write(values[0]!, at + 8, 4);
      else {
        write(place, at + 8, 4);
        for (const value of values) {
          write(value, place, 4);
          place += 4;
        }
      }
      at += 12;
    }
  }
  return file.subarray(0, place);
}

/** A JPEG file of cyan, magenta, yellow and black, in blocks of 8 × 8 pixels of one shade each: a value of `grey` is one block. */
export function jpegCmyk({ width, height, grey }: GreyPicture): Buffer {
  const segment = (marker: number, data: readonly number[]) =>
    Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data]);
  const size = (value: number) => [(value * 8) >> 8, (value * 8) & 255];
  const components = [1, 2, 3, 4];
  // The lengths of codes: twelve codes of 4 bits for the sizes 0 … 11; one of 1 bit for "nothing more in this block".
  const dc = [0, 0, 0, 12, ...new Array<number>(12).fill(0), ...Array.from({ length: 12 }, (_, i) => i)];
  const ac = [1, ...new Array<number>(15).fill(0), 0];
  const bits: string[] = [];
  const last = [0, 0, 0, 0];
  for (const value of grey)
    for (const component of components.keys()) {
      // Adobe's are the other way round: 255 is no ink. All shade is in black.
      const level = 8 * ((component === 3 ? value : 255) - 128);
      const difference = Math.round(level / 8) - last[component]!;
      last[component]! += difference;
      const length = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const amount = difference < 0 ? difference + 2 ** length - 1 : difference;
      bits.push(length.toString(2).padStart(4, '0'), length ? amount.toString(2).padStart(length, '0') : '', '0');
    }
  const text = bits.join('');
  const scan = (text + '1'.repeat((8 - (text.length % 8)) % 8)).match(/.{8}/g)!.flatMap((byte) => {
    const value = Number.parseInt(byte, 2);
    return value === 255 ? [255, 0] : [value];
  });
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0]),
    segment(0xdb, [0, ...new Array<number>(64).fill(8)]),
    segment(0xc0, [8, ...size(height), ...size(width), 4, ...components.flatMap((id) => [id, 0x11, 0])]),
    segment(0xc4, [0x00, ...dc]),
    segment(0xc4, [0x10, ...ac]),
    segment(0xda, [4, ...components.flatMap((id) => [id, 0]), 0, 63, 0]),
    Buffer.from(scan),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** A JPEG file that says how it is to be turned, by one of EXIF's numbers. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const tiffPart = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const data = [...Buffer.from('Exif\0\0', 'latin1'), ...tiffPart];
  const segment = Buffer.from([0xff, 0xe1, 0, data.length + 2, ...data]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}
