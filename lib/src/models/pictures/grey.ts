/** Converts colours to one number per pixel, in which ink stands out. */
import type { Colours } from './colours';
import { type Plane, planeOf, quantiles } from './plane';

/** A plane in which ink differs from the ground, and how it was made. */
export interface Grey {
  readonly plane: Plane;
  /** What the ground is, if it isn't a shade but transparent. */
  readonly ground?: string;
  /** Whether light areas of the plane are dark in the picture. */
  readonly isNegative: boolean;
}

/** The opacity from which a colour is meaningful. */
const OPAQUE = 128;
/** Colours that differ by less than this count as the same. */
const ONE_COLOUR = 64;

/**
 * A colour channel is used instead of the luminance if its contrast is this many times greater: yellow on white is
 * visible in blue.
 */
const CLEARER = 1.6;

export function greyOf({ width, height, red, green, blue, alpha }: Colours): Grey {
  const shade = planeOf(width, height, (at) => 0.299 * red[at]! + 0.587 * green[at]! + 0.114 * blue[at]!);
  if (alpha.every((value) => value > 254)) {
    const colours = [red, green, blue].map((data) => ({ plane: { width, height, data }, range: rangeOf(data) }));
    const clearest = colours.reduce((best, colour) => (colour.range > best.range ? colour : best));
    return { plane: clearest.range > CLEARER * rangeOf(shade.data) ? clearest.plane : shade, isNegative: false };
  }
  const opaque = shade.data.filter((_, at) => alpha[at]! > OPAQUE);
  const [darkest = 0, ground = 0, lightest = 0] = quantiles(opaque, [0.05, 0.5, 0.95], 10_000);
  if (lightest - darkest < ONE_COLOUR)
    return { plane: { width, height, data: alpha }, ground: 'transparent', isNegative: ground <= 127 };
  // Ink of one shade on a ground of another, not all of it opaque.
  return {
    plane: planeOf(width, height, (at) => ground + ((shade.data[at]! - ground) * alpha[at]!) / 255),
    isNegative: false,
  };
}

/** The range of some values, ignoring outliers. */
function rangeOf(values: Float32Array): number {
  const [darkest = 0, lightest = 0] = quantiles(values, [0.002, 0.998], 10_000);
  return lightest - darkest;
}
