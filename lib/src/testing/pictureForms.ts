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
  'on lined paper': (digit) => ruled(digit, { line: grey(170) }).toBuffer('image/jpeg', 80),
  'on squared paper': (digit) => ruled(digit, { line: grey(170), squared: true }).toBuffer('image/jpeg', 80),
  'on paper with light blue squares': (digit) =>
    ruled(digit, { line: [170, 200, 235], ink: [30, 40, 90], squared: true }).toBuffer('image/jpeg', 80),
  'on paper with dark lines': (digit) => png(ruled(digit, { line: grey(110) })),
  'on paper with dark squares': (digit) => png(ruled(digit, { line: grey(110), squared: true })),
  'on paper with lines as dark as the ink': (digit) => png(ruled(digit, { line: grey(50) })),
  'on paper with squares as dark as the ink': (digit) => png(ruled(digit, { line: grey(50), squared: true })),
  'on paper with thick dark squares': (digit) => png(ruled(digit, { line: grey(90), squared: true, thickness: 3 })),
  'on paper with lines darker than the ink': (digit) => png(ruled(digit, { line: grey(20), ink: grey(90) })),
  'on squared paper, turned a little': (digit) =>
    ruled(digit, { line: grey(120), squared: true, turn: 0.05 }).toBuffer('image/jpeg', 80),
  'between two dark lines': (digit) => png(ruled(digit, { line: grey(60), spacing: 180 })),
  "by a phone's shadow": (digit) => phoneShadow(digit).toBuffer('image/jpeg', 80),
  'by a thick marker': (digit) => png(marker(digit)),
  'by a hard pencil': (digit) =>
    photo(thinned(digit), { paper: 215, ink: 165, light: [1.05, 0.9], noise: 4 }).toBuffer('image/jpeg', 85),
  'touching the border': (digit) => png(atBorder(digit)),
  'with a margin at one side only': (digit) => png(atBorder(digit, true)),
  'with a date in the corner': (digit) => png(dated(digit, 110)),
  'touching the border, with a date': (digit) => png(dated(digit, 282)),
  'of 20 × 20 pixels': (digit) => png(paper(digit, 20)),
  "in a window's frame": (digit) => png(framed(digit)),
  "in a dark window's frame": (digit) => png(framed(digit, true)),
  'under the edge of a shadow': (digit) => shadowed(digit).toBuffer('image/jpeg', 80),
};

/** A digit of so few pixels that many can't be told. */
export function tinyDigit(digit: MnistDigit): Buffer {
  return png(paper(digit, 8));
}

/** Two digits in one picture, the second one `size` pixels large and `gap` pixels to the right of the first, which is 200 large. */
export function twoDigits(first: MnistDigit, second: MnistDigit, { size = 200, gap = 10 } = {}): Buffer {
  const right = inkBox(first, 200).right + 40;
  const canvas = sheet(first, 600, 280, 40, 40, 200);
  canvas.getContext('2d').drawImage(transparent(second, 0), right + gap - inkBox(second, size).left, 40, size, size);
  return png(canvas);
}

/** A digit that wavy lines cross, as dark as it is and as thick. */
export function amidWaves(digit: MnistDigit): Buffer {
  const canvas = paper(digit);
  const context = canvas.getContext('2d');
  context.fillStyle = 'black';
  for (let y = 20; y < 280; y += 40) for (let x = 0; x < 280; x++) context.fillRect(x, y + 12 * Math.sin(x / 25), 2, 8);
  return png(canvas);
}

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
  const { left, top, right, bottom } = inkBox(digit, 280);
  return sheet(digit, right - left, bottom - top, -left, -top, 280);
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

interface RuledOptions {
  readonly line: Colour;
  readonly ink?: Colour;
  /** Whether lines go down, too. */
  readonly squared?: boolean;
  /** In pixels, as the next. */
  readonly thickness?: number;
  readonly spacing?: number;
  /** By how much of a circle's radius the paper is turned, but not the digit. */
  readonly turn?: number;
}

/** On ruled paper: 300 pixels of 420 are the digit's. */
function ruled(digit: MnistDigit, options: RuledOptions): Canvas {
  const { line, ink = grey(50), squared = false, thickness = 2, spacing = 45, turn = 0 } = options;
  const size = 420;
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  context.fillStyle = 'rgb(235, 235, 235)';
  context.fillRect(0, 0, size, size);
  context.save();
  context.rotate(turn);
  context.fillStyle = css(line);
  for (let at = spacing / 3 - size; at < 2 * size; at += spacing) {
    context.fillRect(-size, at, 3 * size, thickness);
    if (squared) context.fillRect(at, -size, thickness, 3 * size);
  }
  context.restore();
  const stencil = transparent(digit, 0);
  const filler = stencil.getContext('2d');
  filler.globalCompositeOperation = 'source-in';
  filler.fillStyle = css(ink);
  filler.fillRect(0, 0, 28, 28);
  context.imageSmoothingQuality = 'high';
  context.drawImage(stencil, 60, 60, 300, 300);
  grain(canvas, 4, 8);
  return canvas;
}

const grey = (shade: number): Colour => [shade, shade, shade];

const css = (colour: Colour) => `rgb(${colour.join(', ')})`;

/** Adds grain of a deviation to a canvas. */
function grain(canvas: Canvas, deviation: number, seed: number): void {
  const context = canvas.getContext('2d');
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  const random = new Random(seed);
  for (let at = 0; at < image.data.length; at += 4) {
    const change = deviation * normal(random);
    for (let i = at; i < at + 3; i++) image.data[i] = clamp(image.data[i]! + change);
  }
  context.putImageData(image, 0, 0);
}

/** Where a digit of `size` pixels has its ink. */
function inkBox(digit: MnistDigit, size: number): { left: number; top: number; right: number; bottom: number } {
  const { width, grey: shades } = enlarged(digit, size);
  const places = [...shades.keys()].filter((at) => shades[at]! > 40);
  const columns = places.map((at) => at % width);
  return {
    left: Math.min(...columns),
    top: Math.floor(places[0]! / width),
    right: Math.max(...columns) + 1,
    bottom: Math.floor(places.at(-1)! / width) + 1,
  };
}

/** On a sheet whose lower edge the ink touches; or of which only the upper side has a margin. */
function atBorder(digit: MnistDigit, isNarrow = false): Canvas {
  const { left, right, bottom } = inkBox(digit, 200);
  return isNarrow
    ? sheet(digit, right - left, bottom + 40, -left, 40, 200)
    : sheet(digit, 300, 300, 60, 300 - bottom, 200);
}

/** With small writing in a corner; the digit's ink ends at `bottom`, of 300 pixels. */
function dated(digit: MnistDigit, bottom: number): Canvas {
  const canvas = sheet(digit, 400, 300, 100, bottom - inkBox(digit, 200).bottom + (bottom < 200 ? 120 : 18), 200);
  for (let i = 0; i < 6; i++) canvas.getContext('2d').drawImage(transparent(digit, 0), 290 + 16 * i, 6, 20, 20);
  return canvas;
}

/** With strokes of twice the width. */
function marker(digit: MnistDigit): Canvas {
  const canvas = paper(digit);
  for (let i = 0; i < 16; i++) {
    const angle = (i * Math.PI) / 8;
    canvas.getContext('2d').drawImage(transparent(digit, 0), 8 * Math.cos(angle), 8 * Math.sin(angle), 280, 280);
  }
  return canvas;
}

/** With thinner strokes. */
function thinned(digit: MnistDigit): MnistDigit {
  return digit.map((value) => Math.max(0, Math.min(255, 2 * (value - 128))));
}

/** As a screenshot of a window that shows it. */
function framed(digit: MnistDigit, isDark = false): Canvas {
  const canvas = createCanvas(500, 420);
  const context = canvas.getContext('2d');
  const fill = (colour: Colour, left: number, top: number, width: number, height: number) => {
    context.fillStyle = css(colour);
    context.fillRect(left, top, width, height);
  };
  fill(isDark ? grey(40) : grey(90), 0, 0, 500, 420);
  fill(isDark ? grey(60) : grey(225), 0, 0, 500, 34); // the title, and a name in it
  for (let i = 0; i < 8; i++) fill(isDark ? grey(200) : grey(60), 30 + 14 * i, 12, 9, 11);
  fill([220, 60, 60], 470, 10, 14, 14);
  fill(isDark ? grey(20) : grey(255), 3, 34, 494, 383);
  const stencil = transparent(digit, isDark ? 230 : 0);
  context.imageSmoothingQuality = 'high';
  context.drawImage(stencil, 110, 80, 280, 280);
  return canvas;
}

/** A photo in which the phone throws a shadow with two hard edges on the sheet. */
function phoneShadow(digit: MnistDigit): Canvas {
  const large = enlarged(digit, 420);
  const random = new Random(10);
  const shades = large.grey.map((value, at) => {
    const [x, y] = [at % 420, Math.floor(at / 420)];
    const isShadow = x + 0.1 * y > 215 && y - 0.1 * x > 160;
    return clamp((200 - (150 * value) / 255) * (isShadow ? 0.62 : 1) + 4 * normal(random));
  });
  return greyCanvas({ ...large, grey: shades });
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
