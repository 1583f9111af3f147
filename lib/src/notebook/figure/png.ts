/** Encodes small PNG files: with a palette if a picture has few colours, as most figures and digits do. */
import { pngFile } from '../../runtime/png';

/** A picture with four bytes per pixel (red, green, blue, alpha), in rows from the top. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** The maximum size of a palette. */
const MAX_COLORS = 256;

/** Encodes a picture as PNG. */
export function encodePng({ width, height, rgba }: Picture): Buffer {
  const indexed = indexColors(rgba);
  const raster = indexed
    ? { width, height, channels: 1, samples: indexed.pixels, ...indexed.colors }
    : rgba.every((byte, i) => i % 4 !== 3 || byte === 255)
      ? { width, height, channels: 3, samples: rgba.filter((_, i) => i % 4 !== 3) }
      : { width, height, channels: 4, samples: rgba };
  return pngFile(raster, 9);
}

/**
 * Reduces a picture to at most 256 colours, preferring frequent ones; others are replaced by the nearest. Gradients
 * lose steps, but no region changes its colour visibly.
 */
export function reduceColors({ width, height, rgba }: Picture): Picture {
  const counts = countColors(rgba);
  if (counts.size <= MAX_COLORS) return { width, height, rgba };
  const byFrequency = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  const replacements = new Map<number, number>();
  const kept = spreadOut(byFrequency);
  for (const color of byFrequency) replacements.set(color, nearestOf(kept, color).color);
  const reduced = new Uint8Array(rgba.length);
  let [last, others] = [-1, channels(0)];
  for (let at = 0; at < rgba.length; at += 4) {
    const color = colorAt(rgba, at);
    if (color !== last) others = channels(replacements.get(color)!);
    last = color;
    for (let i = 0; i < 4; i++) reduced[at + i] = others[i]!;
  }
  return { width, height, rgba: reduced };
}

/** Counts the pixels of each colour, with one map access per run of equal pixels (runs are usually long). */
function countColors(rgba: Uint8Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; ) {
    const [color, begin] = [colorAt(rgba, at), at];
    do at += 4;
    while (at < rgba.length && colorAt(rgba, at) === color);
    counts.set(color, (counts.get(color) ?? 0) + (at - begin) / 4);
  }
  return counts;
}

/**
 * Selects colours, in order, that are far enough apart that at most 256 remain, such that every other colour is close
 * to one of them.
 */
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

/** A number per colour. All transparent colours are the same. */
const colorAt = (rgba: Uint8Array, at: number): number =>
  rgba[at + 3] === 0 ? 0 : ((rgba[at]! << 24) | (rgba[at + 1]! << 16) | (rgba[at + 2]! << 8) | rgba[at + 3]!) >>> 0;
const channels = (color: number): [number, number, number, number] => [
  color >>> 24,
  (color >> 16) & 255,
  (color >> 8) & 255,
  color & 255,
];

function nearestOf(colors: readonly number[], color: number): { color: number; distance: number } {
  const [r, g, b, a] = channels(color);
  let nearest = color;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of colors) {
    const square =
      (r - (candidate >>> 24)) ** 2 +
      (g - ((candidate >> 16) & 255)) ** 2 +
      (b - ((candidate >> 8) & 255)) ** 2 +
      (a - (candidate & 255)) ** 2;
    if (square >= least) continue;
    nearest = candidate;
    least = square;
  }
  return { color: nearest, distance: Math.sqrt(least) };
}

/** The palette index of each pixel; undefined if there are too many colours. */
function indexColors(rgba: Uint8Array) {
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(rgba.length / 4);
  let [last, number] = [-1, 0];
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    const color = colorAt(rgba, at);
    if (color !== last) {
      number = numbers.get(color) ?? numbers.size;
      if (number === MAX_COLORS) return undefined;
      numbers.set(color, number);
    }
    last = color;
    pixels[i] = number;
  }
  const colors = [...numbers.keys()].map(channels);
  const palette = Uint8Array.from(colors.flatMap((color) => color.slice(0, 3)));
  const opacities = Uint8Array.from(colors, ([, , , a]) => a);
  return { colors: { palette, ...(opacities.some((opacity) => opacity < 255) && { opacities }) }, pixels };
}
