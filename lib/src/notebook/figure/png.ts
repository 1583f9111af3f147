/** PNG files, small ones: a byte a pixel where a picture has few colours, which those of figures and digits have. */
import { pngFile } from '../../runtime/png';

/** A picture: three bytes a pixel (red, green, blue), in rows from the top. */
export interface Picture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** What a byte a pixel can tell apart. */
const MAX_COLORS = 256;

/** A picture as a PNG file. */
export function encodePng(picture: Picture): Buffer {
  const { width, height, rgb } = picture;
  const indexed = indexColors(picture);
  const raster = indexed
    ? { width, height, channels: 1, samples: indexed.pixels, palette: indexed.colors }
    : { width, height, channels: 3, samples: rgb };
  return pngFile(raster, 9);
}

/**
 * A picture with 256 of its colours at most, the frequent ones first, each other one replaced by the nearest: gradients lose
 * steps, but no region changes its colour visibly.
 */
export function reduceColors({ width, height, rgb }: Picture): Picture {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3) {
    const color = colorAt(rgb, at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  if (counts.size <= MAX_COLORS) return { width, height, rgb };
  const byFrequency = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const replacements = new Map<number, number>();
  const kept = spreadOut(byFrequency);
  for (const color of byFrequency) replacements.set(color, nearestOf(kept, color).color);
  const reduced = new Uint8Array(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) reduced.set(channels(replacements.get(colorAt(rgb, at))!), at);
  return { width, height, rgb: reduced };
}

/** The first ones of the colours that are so far apart that no more than 256 are left, and none is farther from all of these. */
function spreadOut(colors: readonly number[]): number[] {
  for (let apart = 2; ; apart *= 1.5) {
    const kept: number[] = [];
    for (const color of colors) {
      if (nearestOf(kept, color).distance > apart) kept.push(color);
      if (kept.length > MAX_COLORS) break;
    }
    if (kept.length <= MAX_COLORS) return kept;
  }
}

const colorAt = (rgb: Uint8Array, at: number): number => (rgb[at]! << 16) | (rgb[at + 1]! << 8) | rgb[at + 2]!;
const channels = (color: number): [number, number, number] => [color >> 16, (color >> 8) & 255, color & 255];

function nearestOf(colors: readonly number[], color: number): { color: number; distance: number } {
  const [r, g, b] = channels(color);
  let nearest = color;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of colors) {
    const square = (r - (candidate >> 16)) ** 2 + (g - ((candidate >> 8) & 255)) ** 2 + (b - (candidate & 255)) ** 2;
    if (square >= least) continue;
    nearest = candidate;
    least = square;
  }
  return { color: nearest, distance: Math.sqrt(least) };
}

/** Each pixel's number in the list of the picture's colours; undefined if a byte is too small for them. */
function indexColors({ rgb }: Picture): { colors: Uint8Array; pixels: Uint8Array } | undefined {
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < pixels.length; i++, at += 3) {
    const color = colorAt(rgb, at);
    let number = numbers.get(color);
    if (number === undefined) {
      number = numbers.size;
      if (number === MAX_COLORS) return undefined;
      numbers.set(color, number);
    }
    pixels[i] = number;
  }
  const colors = Uint8Array.from([...numbers.keys()].flatMap(channels));
  return { colors, pixels };
}
