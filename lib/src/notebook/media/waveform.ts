/** Draws waveforms. */
import type { Sound } from '../../runtime/wav';
import { type Rgb, rgbOf } from '../figure/colors';
import { encodePng } from '../figure/png';
import { palette } from '../figure/theme';
import { soundColumns } from './soundColumns';

/** Pixels. */
export const waveformSize = { width: 600, height: 80 };
const WAVE: Rgb = rgbOf(palette[0]!);
const PEAK: Rgb = [111, 168, 205];
const ZERO: Rgb = [139, 148, 158];

/**
 * A PNG with the range of a sound over time, combining all channels; its loudness (root mean square) in a darker
 * colour; and a zero line, so that a tone of constant loudness doesn't look like a bar. The background is transparent,
 * for any page.
 */
export function waveform(sound: Sound): Buffer {
  const { width, height } = waveformSize;
  const rgba = new Uint8Array(4 * width * height);
  const paint = (x: number, from: number, to: number, color: Rgb) => {
    for (let y = from; y <= to; y++) rgba.set([...color, 255], 4 * (y * width + x));
  };
  const rowOf = (sample: number) => Math.round(((1 - Math.max(-1, Math.min(1, sample))) / 2) * (height - 1));
  const moments = sound.samples.length / sound.channels;
  for (const [x, { least, greatest, loud }] of soundColumns(sound, width, 0, moments).entries()) {
    paint(x, rowOf(greatest), rowOf(least), PEAK);
    paint(x, rowOf(Math.min(loud, greatest)), rowOf(Math.max(-loud, least)), WAVE);
    paint(x, rowOf(0), rowOf(0), ZERO);
  }
  return encodePng({ width, height, rgba });
}
