/** A picture's pixels, reduced to a size at which processing is cheap. */

/** The colour and opacity channels of a picture, from 0 to 255; `full…` is its original size. */
export interface Colours {
  readonly fullWidth: number;
  readonly fullHeight: number;
  readonly width: number;
  readonly height: number;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly alpha: Float32Array;
}

/** The maximum length of the longer side after reduction. */
const LARGEST_SIDE = 720;

/**
 * Reduces a picture that is provided a few rows at a time, to the means of squares of pixels.
 *
 * @example
 * const reducer = new Reducer(28, 28);
 * reducer.add(new Uint8Array(4 * 28 * 28)); // rows from the first one on
 * reducer.colours;
 */
export class Reducer {
  readonly #factor: number;
  readonly #size: {
    readonly fullWidth: number;
    readonly fullHeight: number;
    readonly width: number;
    readonly height: number;
  };
  /** Sums of premultiplied colours: transparent pixels count by their opacity. */
  readonly #sums: Record<'red' | 'green' | 'blue' | 'alpha', Float64Array>;
  #row = 0;

  constructor(fullWidth: number, fullHeight: number) {
    this.#factor = Math.max(1, Math.ceil(Math.max(fullWidth, fullHeight) / LARGEST_SIDE));
    const width = Math.ceil(fullWidth / this.#factor);
    const height = Math.ceil(fullHeight / this.#factor);
    this.#size = { fullWidth, fullHeight, width, height };
    const sums = () => new Float64Array(width * height);
    this.#sums = { red: sums(), green: sums(), blue: sums(), alpha: sums() };
  }

  /** Adds complete rows of red, green, blue and alpha bytes, from top to bottom. */
  add(rgba: Uint8Array | Uint8ClampedArray): void {
    const { fullWidth, width } = this.#size;
    const { red, green, blue, alpha } = this.#sums;
    const factor = this.#factor;
    for (let from = 0; from < rgba.length; this.#row++) {
      const begin = Math.floor(this.#row / factor) * width;
      for (let x = 0; x < fullWidth; x++, from += 4) {
        const at = begin + Math.floor(x / factor);
        const opacity = rgba[from + 3]!;
        red[at]! += rgba[from]! * opacity;
        green[at]! += rgba[from + 1]! * opacity;
        blue[at]! += rgba[from + 2]! * opacity;
        alpha[at]! += opacity;
      }
    }
  }

  /** The result. */
  get colours(): Colours {
    const { fullWidth, fullHeight, width, height } = this.#size;
    const { red, green, blue, alpha } = this.#sums;
    const factor = this.#factor;
    const opacity = new Float32Array(alpha.length);
    const colour = (sums: Float64Array) => {
      const means = new Float32Array(sums.length);
      for (let at = 0; at < sums.length; at++) means[at] = alpha[at] === 0 ? 0 : sums[at]! / alpha[at]!;
      return means;
    };
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) {
        // Squares at the right and lower edges may be incomplete.
        const pixels = Math.min(factor, fullWidth - x * factor) * Math.min(factor, fullHeight - y * factor);
        opacity[at] = alpha[at]! / pixels;
      }
    return { ...this.#size, red: colour(red), green: colour(green), blue: colour(blue), alpha: opacity };
  }
}
