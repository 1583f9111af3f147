/** Pictures of sounds. */
import type { Sound } from '../../runtime/wav';
import { type Rgb, rgbOf } from '../figure/colors';
import { encodePng } from '../figure/png';
import { palette } from '../figure/theme';

/** Pixels. */
export const waveformSize = { width: 300, height: 40 };
const WAVE: Rgb = rgbOf(palette[0]!);
const PEAK: Rgb = [158, 197, 224];
const ZERO: Rgb = [210, 214, 219];

/**
 * A PNG of how far a sound goes up and down over time, all channels in one; darker how loud it is, as its root mean square; and the
 * line of silence, so that a tone of one loudness is more than a bar. Less than 1 KB as a rule.
 */
export function waveform({ samples, channels }: Sound): Buffer {
  const { width, height } = waveformSize;
  const rgba = new Uint8Array(4 * width * height);
  const paint = (x: number, from: number, to: number, color: Rgb) => {
    for (let y = from; y <= to; y++) rgba.set([...color, 255], 4 * (y * width + x));
  };
  const rowOf = (sample: number) => Math.round(((1 - Math.max(-1, Math.min(1, sample))) / 2) * (height - 1));
  const moments = samples.length / channels;
  for (let x = 0; x < width; x++) {
    const [from, to] = [x, x + 1].map((edge) => Math.floor((edge * moments) / width)) as [number, number];
    // Of a short sound, several columns show one moment.
    const [start, end] = [from * channels, Math.min(Math.max(to, from + 1) * channels, samples.length)];
    let [least, greatest, squares] = [1, -1, 0];
    for (let i = start; i < end; i++) {
      const sample = samples[i] || 0;
      if (sample < least) least = sample;
      if (sample > greatest) greatest = sample;
      squares += sample * sample;
    }
    if (start < end) {
      const loud = Math.sqrt(squares / (end - start));
      paint(x, rowOf(greatest), rowOf(least), PEAK);
      paint(x, rowOf(Math.min(loud, greatest)), rowOf(Math.max(-loud, least)), WAVE);
    }
    paint(x, rowOf(0), rowOf(0), ZERO);
  }
  return encodePng({ width, height, rgba });
}
