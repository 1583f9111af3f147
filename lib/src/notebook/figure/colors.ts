/** Colours as numbers. */
import type { ColorScale } from './scales';

/** A colour's red, green and blue, 0 … 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Red, green and blue of `#rrggbb`. */
export function rgbOf(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colours of a scale in `steps` equal steps from its start to its end. */
export function colorsOf(scale: ColorScale, steps: number): Rgb[] {
  return Array.from({ length: steps }, (_, i) => {
    const place = i / (steps - 1);
    const after = Math.max(
      1,
      scale.findIndex(([end]) => end >= place),
    );
    const [[from, fromColor], [to, toColor]] = [scale[after - 1]!, scale[after]!];
    const share = (place - from) / (to - from);
    const [start, end] = [rgbOf(fromColor), rgbOf(toColor)];
    const mix = (channel: 0 | 1 | 2) => Math.round(start[channel] + share * (end[channel] - start[channel]));
    return [mix(0), mix(1), mix(2)];
  });
}
