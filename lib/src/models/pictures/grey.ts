/** Converts colours to one number per pixel, in which ink stands out. */
import type { Colours } from './colours';
import { type Plane, planeOf, quantiles } from './plane';

/** A plane in which ink differs from the ground, and what it shows. */
export interface Grey {
  readonly plane: Plane;
  /** What the ground is where it is no shade, but transparent. */
  readonly ground?: string;
  /** Whether what is light in the plane is dark in the picture. */
  readonly isNegative: boolean;
}

/** A colour is opaque enough to tell what it is. */
const OPAQUE = 128;
/** Colours that differ by less than this are one colour. */
const ONE_COLOUR = 64;

/** A colour is looked at instead of the shade where it shows this many times the difference: yellow on white is seen in blue. */
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
  // Ink of one shade on a ground of another, of which less than all is opaque.
  return {
    plane: planeOf(width, height, (at) => ground + ((shade.data[at]! - ground) * alpha[at]!) / 255),
    isNegative: false,
  };
}

/** The difference between the lightest and the darkest of some values, but for stray ones. */
function rangeOf(values: Float32Array): number {
  const [darkest = 0, lightest = 0] = quantiles(values, [0.002, 0.998], 10_000);
  return lightest - darkest;
}
