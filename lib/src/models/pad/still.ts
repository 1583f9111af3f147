/** A still picture of a pad, for pages without scripts: a drawn digit and the network's answer. */
import { IMAGE_SIZE } from '../../mnist/sizes';
import type { Still } from '../../notebook/figure/html';
import { PAPERLESS_COLORS } from '../../notebook/figure/otherColors';
import { palette, textColor } from '../../notebook/figure/theme';
import type { Answer } from './answer';
import { digitOf, percent } from './probabilities';
import { PEN, type Stroke } from './strokes';
import { type PadLanguage, padWords } from './words';

const WIDTH = 640;
const HEIGHT = 240;
const PAPER = 220;
const PIXEL = 4;

/** A mid-grey, since the background is unknown. */
const INK = PAPERLESS_COLORS[textColor]!;

/** In colours that are readable on light and dark backgrounds, because the picture is transparent. */
export function stillOf(
  strokes: readonly Stroke[],
  pixels: Uint8Array,
  { probabilities }: Answer,
  language: PadLanguage,
): Still {
  const says = padWords[language];
  const best = digitOf(probabilities);
  const place = ([x, y]: Stroke[number]) => `${(10 + PAPER * x).toFixed(1)} ${(10 + PAPER * y).toFixed(1)}`;
  const lines = strokes.map((stroke) => `M${place(stroke[0]!)}L${stroke.map(place).join(' ')}`).join('');
  const squares = Array.from(pixels, (pixel, at) => squareOf(pixel, at)).join('');
  const bars = Array.from(probabilities, (probability, digit) => {
    const y = 14 + 21 * digit;
    const weight = digit === best ? ' font-weight="700"' : '';
    return `<text x="388" y="${y + 11}"${weight}>${digit}</text><rect x="404" y="${y}" width="160" height="13" fill="${INK}" fill-opacity=".2"/><rect x="404" y="${y}" width="${(160 * probability).toFixed(1)}" height="13" fill="${palette[0]}"/><text x="626" y="${y + 11}" text-anchor="end"${weight}>${percent(probability)}</text>`;
  }).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><rect x="10" y="10" width="${PAPER}" height="${PAPER}" rx="4" fill="none" stroke="#888"/><path d="${lines}" fill="none" stroke="${INK}" stroke-width="${(PEN * PAPER).toFixed(1)}" stroke-linecap="round" stroke-linejoin="round"/><rect x="249.5" y="9.5" width="${PIXEL * IMAGE_SIZE + 1}" height="${PIXEL * IMAGE_SIZE + 1}" fill="none" stroke="#888"/><g shape-rendering="crispEdges">${squares}</g><text x="250" y="142" fill="${INK}">${says.seen}</text><g fill="${INK}">${bars}</g></svg>`;
  return { svg, width: WIDTH, height: HEIGHT, alt: says.alt(says.digit(probabilities)) };
}

function squareOf(pixel: number, at: number): string {
  if (pixel === 0) return '';
  const [x, y] = [250 + PIXEL * (at % IMAGE_SIZE), 10 + PIXEL * Math.floor(at / IMAGE_SIZE)];
  return `<path d="M${x} ${y}h4v4h-4z" fill="${INK}"${pixel === 255 ? '' : ` fill-opacity="${(pixel / 255).toFixed(2)}"`}/>`;
}
