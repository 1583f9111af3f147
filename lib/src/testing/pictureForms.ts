/** One digit of MNIST's as people have digits: on paper, on screens, in all kinds of files. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { Random } from '../data';
import { bmp, type GreyPicture, jpegCmyk, png1, png16, pngPalette, tiff, withOrientation } from './pictureFiles';

/** A picture as it is given: 28 × 28 bytes, 255 is ink. */
export type MnistDigit = Uint8Array;

/** The forms by their names: the file of a digit in each. */
export const pictureForms: Readonly<Record<string, (digit: MnistDigit) => Buffer>> = {
  plain: (digit) => png(greyCanvas({ width: 28, height: 28, grey: digit })),
  inverted: (digit) => png(greyCanvas(inverted({ width: 28, height: 28, grey: digit }))),
  'black on transparent': (digit) => png(transparent(digit, 0)),
  'white on transparent': (digit) => png(transparent(digit, 255)),
  '16-bit': (digit) => png16(inverted(enlarged(digit, 280))),
  '1-bit': (digit) => png1(inverted(enlarged(digit, 280))),
  palette: (digit) => pngPalette(inverted(enlarged(digit, 280))),
  JPEG: (digit) => paper(digit).toBuffer('image/jpeg'),
  BMP: (digit) => bmp(inverted(enlarged(digit, 280))),
  GIF: (digit) => paper(digit).toBuffer('image/gif'),
  TIFF: (digit) => tiff(inverted(enlarged(digit, 280))),
  WebP: (digit) => paper(digit).toBuffer('image/webp'),
  '280 px': (digit) => png(paper(digit)),
  '2800 px': (digit) => paper(digit, 2800).toBuffer('image/jpeg'),
  'on a 560×280 sheet': (digit) => png(sheet(digit, 560, 280, 140, 0, 280)),
  '160 px in the corner of 400': (digit) => png(sheet(digit, 400, 400, 232, 8, 160)),
  '280 px amid 800': (digit) => png(sheet(digit, 800, 800, 260, 260, 280)),
  'a photo': (digit) => photo(digit, { paper: 160, ink: 60, light: [1.15, 0.75], noise: 6 }).toBuffer('image/jpeg', 80),
  'a dark photo': (digit) => png(photo(digit, { paper: 40, ink: 120, light: [1, 1], noise: 0 })),
  'rotated by EXIF': (digit) => withOrientation(quarterTurned(paper(digit)).toBuffer('image/jpeg'), 6),
  CMYK: (digit) => jpegCmyk(inverted(enlarged(digit, 56))),
  'cropped to the ink': (digit) => png(cropped(digit)),
  'blue ink on white': (digit) => png(coloured(digit, [20, 50, 180], [255, 255, 255])),
  'yellow ink on white': (digit) => png(coloured(digit, [250, 220, 20], [255, 255, 255])),
  'chalk on a board in uneven light': (digit) =>
    photo(digit, { paper: 60, ink: 190, light: [0.7, 1.2], noise: 5 }).toBuffer('image/jpeg', 80),
  'pencil on grey paper in falling light': (digit) =>
    photo(digit, { paper: 190, ink: 135, light: [1.15, 0.55], noise: 7 }).toBuffer('image/jpeg', 80),
  'on lined paper': (digit) => lined(digit).toBuffer('image/jpeg', 80),
  'under the edge of a shadow': (digit) => shadowed(digit).toBuffer('image/jpeg', 80),
};

const png = (canvas: Canvas) => canvas.toBuffer('image/png');

/** A canvas of grey pixels. */
function greyCanvas({ width, height, grey }: GreyPicture): Canvas {
  const rgba = new Uint8ClampedArray(4 * grey.length).fill(255);
  for (let at = 0; at < grey.length; at++) rgba.fill(grey[at]!, 4 * at, 4 * at + 3);
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

/** Ink of one shade on nothing. */
function transparent(digit: MnistDigit, ink: number): Canvas {
  const rgba = new Uint8ClampedArray(4 * digit.length).fill(ink);
  for (let at = 0; at < digit.length; at++) rgba[4 * at + 3] = digit[at]!;
  const canvas = createCanvas(28, 28);
  canvas.getContext('2d').putImageData(new ImageData(rgba, 28, 28), 0, 0);
  return canvas;
}

/** Black on white, `size` × `size` in a place of a sheet. */
function sheet(digit: MnistDigit, width: number, height: number, left: number, top: number, size: number): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(transparent(digit, 0), left, top, size, size);
  return canvas;
}

/** Black on white. */
function paper(digit: MnistDigit, size = 280): Canvas {
  return sheet(digit, size, size, 0, 0, size);
}

/** The digit in `size` × `size`, light on dark. */
function enlarged(digit: MnistDigit, size: number): GreyPicture {
  const { data } = paper(digit, size).getContext('2d').getImageData(0, 0, size, size);
  const grey = new Uint8Array(size * size);
  for (let at = 0; at < grey.length; at++) grey[at] = 255 - data[4 * at]!;
  return { width: size, height: size, grey };
}

function inverted({ width, height, grey }: GreyPicture): GreyPicture {
  return { width, height, grey: grey.map((value) => 255 - value) };
}

interface PhotoOptions {
  readonly paper: number;
  readonly ink: number;
  /** The light at the left and at the right. */
  readonly light: readonly [number, number];
  /** The deviation of the grain. */
  readonly noise: number;
}

function photo(digit: MnistDigit, options: PhotoOptions): Canvas {
  const large = enlarged(digit, 280);
  const random = new Random(7);
  const { paper, ink, light, noise } = options;
  const grey = large.grey.map((value, at) => {
    const part = (at % 280) / 279;
    const lit = (paper + ((ink - paper) * value) / 255) * (light[0] + (light[1] - light[0]) * part);
    return clamp(lit + noise * normal(random));
  });
  return greyCanvas({ ...large, grey });
}

/** A number of about the normal distribution. */
function normal(random: Random): number {
  let sum = -2;
  for (let i = 0; i < 4; i++) sum += random.uint32() / 2 ** 32;
  return sum * Math.sqrt(3);
}

const clamp = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

function quarterTurned(canvas: Canvas): Canvas {
  const turned = createCanvas(canvas.height, canvas.width);
  const context = turned.getContext('2d');
  context.rotate(-Math.PI / 2);
  context.drawImage(canvas, -canvas.width, 0);
  return turned;
}

function cropped(digit: MnistDigit): Canvas {
  const { width, grey } = enlarged(digit, 280);
  const places = [...grey.keys()].filter((at) => grey[at]! > 40);
  const columns = places.map((at) => at % width);
  const [left, right] = [Math.min(...columns), Math.max(...columns) + 1];
  const [top, bottom] = [Math.floor(places[0]! / width), Math.floor(places.at(-1)! / width) + 1];
  const canvas = createCanvas(right - left, bottom - top);
  canvas.getContext('2d').drawImage(paper(digit), -left, -top);
  return canvas;
}

type Colour = readonly [red: number, green: number, blue: number];

function coloured(digit: MnistDigit, ink: Colour, ground: Colour): Canvas {
  const { width, height, grey } = enlarged(digit, 280);
  const canvas = createCanvas(width, height);
  const rgba = new Uint8ClampedArray(4 * grey.length);
  for (const [at, value] of grey.entries())
    rgba.set([...ground.map((shade, i) => shade + ((ink[i]! - shade) * value) / 255), 255], 4 * at);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

function lined(digit: MnistDigit): Canvas {
  const large = enlarged(digit, 420);
  const random = new Random(8);
  const grey = large.grey.map((value, at) => {
    const ground = Math.floor(at / 420) % 45 < 2 ? 170 : 235;
    return clamp(ground + ((50 - ground) * value) / 255 + 4 * normal(random));
  });
  return greyCanvas({ ...large, grey });
}

function shadowed(digit: MnistDigit): Canvas {
  const large = enlarged(digit, 420);
  const random = new Random(9);
  const grey = large.grey.map((value, at) => {
    const [x, y] = [at % 420, Math.floor(at / 420)];
    const depth = Math.min(1, Math.max(0, (x + y / 2 - 300) / 30)); // a soft edge across the digit
    return clamp((190 - (140 * value) / 255) * (1 - 0.4 * depth) + 6 * normal(random));
  });
  return greyCanvas({ ...large, grey });
}
