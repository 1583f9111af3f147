import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random, readDataSets } from '../../data';
import { InvalidArgumentError } from '../../runtime/errors';
import { tiff } from '../../testing/pictureFiles';
import { amidWaves, type MnistDigit, pictureForms, tinyDigit, twoDigits } from '../../testing/pictureForms';
import { repetitions } from '../../testing/repetitions';
import { readDigit } from './index';

/** Of each class, so many digits are tried. */
const OF_CLASS = 2;
/** Of all of them, so many in each form: every day a single one, another in each. */
const IN_FORM = repetitions(1, 10 * OF_CLASS);

interface Example {
  readonly pixels: MnistDigit;
  readonly label: number;
}

let known: readonly Example[];
let tried: readonly Example[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'forms-'));
  const data = await readDataSets(folder, { download: false, seed: 1, dtype: 'uint8' });
  const examples = ({ images, labels }: typeof data.train): Example[] =>
    Array.from(labels.data, (label, row) => ({ label, pixels: images.data.slice(row * 784, (row + 1) * 784) }));
  known = examples(data.train).slice(0, 5000);
  // Digits that are clearly of their class: what a form does is asked here, not how well digits are told apart.
  const ofClass: Example[][] = Array.from({ length: 10 }, () => []);
  for (const example of examples(data.test)) {
    const others = ofClass[example.label]!;
    if (others.length < OF_CLASS && isClear(example)) others.push(example);
  }
  tried = ofClass.flat();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** How far the most similar known digits of each class are, squared. */
function distances(pixels: MnistDigit): number[] {
  const least = new Array<number>(10).fill(Number.POSITIVE_INFINITY);
  for (const example of known) {
    let distance = 0;
    for (let i = 0; i < 784 && distance < least[example.label]!; i++)
      distance += (pixels[i]! - example.pixels[i]!) ** 2;
    if (distance < least[example.label]!) least[example.label] = distance;
  }
  return least;
}

/** The class of the known digit that is most similar: right for about 94 of 100. */
function nearest(pixels: MnistDigit): number {
  const least = distances(pixels);
  return least.indexOf(Math.min(...least));
}

/** Whether all other classes are much less similar. */
function isClear({ pixels, label }: Example): boolean {
  const least = distances(pixels);
  return least.every((distance, other) => other === label || distance > 1.7 * least[label]!);
}

describe('a digit', () => {
  it.each(Object.entries(pictureForms))('is read in the form "%s"', async (name, form) => {
    const wrong: string[] = [];
    const first = Object.keys(pictureForms).indexOf(name) * IN_FORM;
    for (let i = 0; i < IN_FORM; i++) {
      const { pixels, label } = tried[(first + i) % tried.length]!;
      const digit = await readDigit(form(pixels), 'a');
      const answer = nearest(digit.pixels);
      if (answer !== label) wrong.push(`${label} as ${answer}: ${digit.steps.join(', ')}`);
    }
    expect(tried).toHaveLength(10 * OF_CLASS);
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(IN_FORM / 10);
  });

  it.each(['plain', 'inverted', 'black on transparent', 'white on transparent'])(
    'of MNIST stays as it is to the bit in the form "%s"',
    async (form) => {
      for (const { pixels } of tried) {
        const digit = await readDigit(pictureForms[form]!(pixels), 'a');
        expect(digit.pixels).toEqual(pixels);
        expect(digit.steps.at(-1)).toBe('28×28 like the digits of MNIST already: taken as it is');
      }
    },
  );

  it.each([
    [
      'a photo',
      /^dark ink on light ground, uneven light flattened, cropped to \d+×\d+ at \d+, \d+, scaled to \d+×\d+, centred$/,
    ],
    ['a dark photo', /^light ink on dark ground, cropped to /],
    ['280 px amid 800', /^dark ink on light ground, cropped to 1?\d\d×[12]\d\d at [34]\d\d, [23]\d\d, /],
    ['black on transparent', /^dark ink on transparent ground, /],
    ['white on transparent', /^light ink on transparent ground, /],
  ])('says how it was prepared in the form "%s"', async (form, steps) => {
    const digit = await readDigit(pictureForms[form]!(tried[0]!.pixels), 'a');
    expect(digit.steps.join(', ')).toMatch(steps);
  });
});

describe('the lines of paper', () => {
  it.each([
    ['on lined paper', 9],
    ['on paper with squares as dark as the ink', 18],
    ['on squared paper, turned a little', 18],
    ['between two dark lines', 2],
  ])('are taken out, and counted, in the form "%s"', async (form, lines) => {
    const { steps } = await readDigit(pictureForms[form]!(tried[4]!.pixels), 'a');
    expect(steps).toContain(`${lines} lines of the paper taken out`);
  });

  it.each(['280 px', 'cropped to the ink', 'a photo', 'touching the border'])(
    'are not seen in digits, in the form "%s"',
    async (form) => {
      for (const at of [2, 8, 14]) {
        const { steps } = await readDigit(pictureForms[form]!(tried[at]!.pixels), 'a');
        expect(steps.join()).not.toContain('lines');
      }
    },
  );

  it('are refused where they are no straight lines, and as dark and thick as the ink', async () => {
    const reading = readDigit(amidWaves(tried[3]!.pixels), 'waves.png');
    await expect(reading).rejects.toThrow(InvalidArgumentError);
    await expect(reading).rejects.toThrow(
      /^waves\.png: the ink can't be told from lines that run from side to side: draw on plain or lightly ruled paper, or crop to the digit$/,
    );
  });

  it('are no ink where there is nothing else', async () => {
    const lines = createCanvas(400, 300);
    for (let y = 20; y < 300; y += 40) lines.getContext('2d').fillRect(0, y, 400, 2);
    await expect(readDigit(lines.toBuffer('image/png'), 'empty.png')).rejects.toThrow(/^empty\.png: found no ink/);
  });
});

describe('a warning', () => {
  const warnings = async (file: Buffer) => (await readDigit(file, 'a')).warnings;

  it('is given of two digits, near each other or not, and says which was read', async () => {
    const [first, second] = [tried[4]!.pixels, tried[15]!.pixels];
    for (const gap of [10, 40])
      expect(await warnings(twoDigits(first, second, { gap }))).toEqual([
        'what was read as one digit may be several: give each a picture of its own',
      ]);
    const { warnings: apart, steps } = await readDigit(twoDigits(first, second, { gap: 160, size: 170 }), 'a');
    expect(apart).toHaveLength(1);
    const [, size, place] = /cropped to (\S+) at (\d+, \d+)/.exec(steps.join(', '))!;
    expect(apart[0]).toBe(
      `there is more than one mark of a digit's size; the one of ${size} pixels at ${place} was read`,
    );
  });

  it('is given of a digit of few pixels', async () => {
    expect(await warnings(tinyDigit(tried[0]!.pixels))).toEqual([
      expect.stringMatching(/^the digit has only \d×\d pixels$/),
    ]);
  });

  it('is not given of one digit, nor of small writing beside it', async () => {
    for (const form of ['280 px', 'with a date in the corner', 'cropped to the ink', "in a window's frame", 'a photo'])
      expect(await warnings(pictureForms[form]!(tried[7]!.pixels))).toEqual([]);
    expect(await warnings(twoDigits(tried[4]!.pixels, tried[15]!.pixels, { gap: 120, size: 60 }))).toEqual([]);
  });
});

describe('strokes', () => {
  /** A seven, drawn with a pen of this width in a square of 700 pixels. */
  function seven(width: number): Buffer {
    const canvas = createCanvas(700, 700);
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, 700, 700);
    context.lineWidth = width;
    context.lineCap = 'round';
    context.moveTo(210, 150);
    context.lineTo(470, 150);
    context.lineTo(300, 560);
    context.stroke();
    return canvas.toBuffer('image/png');
  }

  it.each([1, 8, 120])("are about as thick as MNIST's, by a pen of %d pixels in 700", async (width) => {
    const { pixels } = await readDigit(seven(width), 'a');
    const ink = pixels.reduce((sum, value) => sum + value, 0) / 255;
    expect(ink).toBeGreaterThan(40); // MNIST's sevens: 86 ± 22
    expect(ink).toBeLessThan(150);
    expect(Math.max(...pixels)).toBe(255);
    expect(nearest(pixels)).toBe(7);
  });
});

describe('a picture without ink', () => {
  const filled = (shade: (x: number, y: number) => number, size = 200) => {
    const canvas = createCanvas(size, size);
    const context = canvas.getContext('2d');
    const image = context.createImageData(size, size);
    for (let at = 0; at < size * size; at++) {
      const value = Math.round(shade(at % size, Math.floor(at / size)));
      image.data.set([value, value, value, 255], 4 * at);
    }
    context.putImageData(image, 0, 0);
    return canvas.toBuffer('image/png');
  };
  const random = new Random(3);
  const noise = () => random.below(256);

  it.each([
    ['white', filled(() => 255)],
    ['black', filled(() => 0)],
    ['grey', filled(() => 130)],
    ['of one pixel', filled(() => 130, 1)],
    ['of 28 × 28 black pixels', filled(() => 0, 28)],
    ['wholly transparent', createCanvas(50, 50).toBuffer('image/png')],
    ['of ink hardly darker than the paper', filled((x, y) => (x > 80 && x < 100 && y > 50 && y < 150 ? 246 : 250))],
    ['of light that falls', filled((x) => 250 - x / 2)],
    ['of noise', filled(noise)],
    ['of noise in 28 × 28', filled(noise, 28)],
    ['of noise in 600 × 600', filled(noise, 600)],
    ['of faint noise', filled(() => 180 + random.below(30))],
    ['of falling light and noise', filled((x, y) => 240 - x / 3 - y / 4 + random.below(20))],
    ['of a few specks', filled(() => (random.below(4000) === 0 ? 0 : 250))],
  ])('is refused when it is %s', async (_, file) => {
    const reading = readDigit(file, 'blank.png');
    await expect(reading).rejects.toThrow(InvalidArgumentError);
    await expect(reading).rejects.toThrow(/^blank\.png: found no ink: [^\n]+$/);
  });
});

describe('a picture of several', () => {
  it('is the first of them, and says so', async () => {
    const grey = new Uint8Array(100 * 100).fill(255);
    for (let y = 20; y < 80; y++) grey.fill(0, y * 100 + 45, y * 100 + 55);
    const { steps } = await readDigit(tiff({ width: 100, height: 100, grey }, { pictures: 3 }), 'a');
    expect(steps[0]).toBe('the first of 3 pictures');
  });
});
