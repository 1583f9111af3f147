/** What is drawn on a pad, as MNIST has digits. */
import { describe, expect, it } from 'vitest';
import { prepareDigit } from '../pictures/digit';
import { sample } from './sample';
import { digitOf, pictureOf, type Stroke } from './strokes';

const line = (...points: [x: number, y: number][]): Stroke => points;
const placed = (strokes: readonly Stroke[], scale: number, across: number, down: number) =>
  strokes.map((stroke) => stroke.map(([x, y]): [number, number] => [across + scale * x, down + scale * y]));

/** The box of what is not paper. */
function box(pixels: Uint8Array) {
  const places = [...pixels.keys()].filter((at) => pixels[at]! > 0);
  const along = (of: (at: number) => number) => {
    const values = places.map(of);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [left, right] = along((at) => at % 28);
  const [top, bottom] = along((at) => Math.floor(at / 28));
  return { width: right - left + 1, height: bottom - top + 1, left, top };
}

describe('a drawing', () => {
  it('becomes a digit of 20 pixels in 28, with its mass in the middle', () => {
    const { pixels, warnings } = digitOf(sample);
    const { width, height } = box(pixels);
    expect([height, width <= 20, warnings]).toEqual([20, true, []]);
    let [mass, across, down] = [0, 0, 0];
    for (const [at, value] of pixels.entries()) {
      mass += value;
      across += value * ((at % 28) + 0.5);
      down += value * (Math.floor(at / 28) + 0.5);
    }
    expect(Math.abs(across / mass - 14)).toBeLessThan(1);
    expect(Math.abs(down / mass - 14)).toBeLessThan(1);
  });

  it('is the same digit wherever it stands on the pad', () => {
    const { pixels } = digitOf(placed(sample, 0.9, 0, 0));
    expect(digitOf(placed(sample, 0.9, 0.1, 0.05)).pixels).toEqual(pixels);
  });

  it.each([
    ['over the whole height', [line([0.5, 0], [0.5, 1])], 20],
    ['from side to side', [line([0, 0.5], [1, 0.5])], undefined],
    ['as a point', [line([0.5, 0.5])], 20],
    ['in two parts', [line([0.4, 0.2], [0.4, 0.5], [0.65, 0.5]), line([0.6, 0.3], [0.6, 0.85])], 20],
  ] as const)('is read %s', (_, strokes, height) => {
    const found = box(digitOf(strokes).pixels);
    expect(Math.max(found.width, found.height)).toBe(20);
    if (height) expect(found.height).toBe(height);
  });

  it.each([
    ['a 3', sample],
    ['two strokes', [line([0.4, 0.2], [0.4, 0.5], [0.65, 0.5]), line([0.6, 0.3], [0.6, 0.85])]],
  ])('is prepared as a picture is in which ink has to be looked for: %s', (_, strokes) => {
    const { width, height, data } = pictureOf(strokes);
    const sides = { fullWidth: width, fullHeight: height, width, height };
    const alpha = new Float32Array(data.length).fill(255);
    const found = prepareDigit({ ...sides, red: data, green: data, blue: data, alpha }, 'the picture').pixels;
    const { pixels } = digitOf(strokes);
    expect(Math.max(...pixels.map((pixel, at) => Math.abs(pixel - found[at]!)))).toBeLessThanOrEqual(1);
  });

  it('is ink however much of the pad it covers: a disc stays full', () => {
    const turns = Array.from({ length: 120 }, (_, i): [number, number] => {
      const radius = 0.3 * (i / 120);
      return [0.5 + radius * Math.cos(i), 0.5 + radius * Math.sin(i)];
    });
    const { pixels } = digitOf([turns]);
    expect(pixels[14 * 28 + 14]).toBe(255);
  });

  it('of several digits is told of', () => {
    const ones = [0.2, 0.8].map((x) => line([x, 0.3], [x, 0.7]));
    expect(digitOf(ones).warnings).toEqual([expect.stringMatching(/several|more than one/)]);
  });
});
