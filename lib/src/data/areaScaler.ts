/**
 * Scales pictures: each new pixel is the mean of the old pixels that it covers, as in `tf.image.resize_area`.
 * Transparent pixels are composited on white.
 */

/** The fraction of a new pixel that an old pixel covers. */
interface Share {
  readonly to: number;
  readonly part: number;
}

/** Scales a picture that is provided a few rows at a time. */
export class AreaScaler {
  readonly #height: number;
  readonly #width: number;
  readonly #channels: number;
  readonly #across: readonly (readonly Share[])[];
  readonly #down: readonly (readonly Share[])[];
  readonly #sums: Float64Array;
  #row = 0;

  /**
   * @param from height and width of the picture
   * @param to height and width of the scaled one
   * @param channels 1: grey, 3: RGB, 4: RGBA, without compositing on white
   */
  constructor(from: readonly [number, number], to: readonly [number, number], channels: number) {
    [this.#height, this.#width] = to;
    this.#channels = channels;
    this.#down = shares(from[0], to[0]);
    this.#across = shares(from[1], to[1]);
    this.#sums = new Float64Array(to[0] * to[1] * channels);
  }

  /** Adds complete rows of red, green, blue and alpha bytes, from top to bottom. */
  add(rgba: Uint8Array | Uint8ClampedArray): void {
    for (let begin = 0; begin < rgba.length; begin += 4 * this.#across.length, this.#row++) {
      const line = this.#line(rgba, begin);
      for (const { to, part } of this.#down[this.#row]!) {
        const at = to * line.length;
        for (let i = 0; i < line.length; i++) this.#sums[at + i]! += part * line[i]!;
      }
    }
  }

  /** Copies the scaled pixels into `target`, row by row, with interleaved channels. */
  copyTo(target: Uint8Array, at: number): void {
    for (let i = 0; i < this.#sums.length; i++) target[at + i] = Math.round(this.#sums[i]!);
  }

  /** A row of the picture at the new width. */
  #line(rgba: Uint8Array | Uint8ClampedArray, begin: number): Float64Array {
    const channels = this.#channels;
    const line = new Float64Array(this.#width * channels);
    const across = this.#across;
    for (let x = 0, from = begin; x < across.length; x++, from += 4) {
      for (const { to, part } of across[x]!)
        for (let channel = 0; channel < channels; channel++)
          line[to * channels + channel]! += part * sample(rgba, from, channels, channel);
    }
    return line;
  }
}

/** One channel of a pixel. */
function sample(rgba: Uint8Array | Uint8ClampedArray, at: number, channels: number, channel: number): number {
  if (channels === 4) return rgba[at + channel]!;
  const alpha = rgba[at + 3]! / 255;
  const onPaper = (i: number) => rgba[at + i]! * alpha + 255 * (1 - alpha);
  // Luma, by the weights of ITU-R BT.601, which TensorFlow uses too.
  return channels === 3 ? onPaper(channel) : 0.299 * onPaper(0) + 0.587 * onPaper(1) + 0.114 * onPaper(2);
}

/** For each of `from` pixels in a line, its contributions to the `to` pixels of the scaled line. */
function shares(from: number, to: number): Share[][] {
  return Array.from({ length: from }, (_, i) => {
    // In units in which an old pixel has the size `to` and a new one the size `from`: integers, which add up exactly.
    const [begin, end] = [i * to, (i + 1) * to];
    const found: Share[] = [];
    for (let pixel = Math.floor(begin / from); pixel * from < end; pixel++)
      found.push({
        to: pixel,
        part: (Math.min(end, (pixel + 1) * from) - Math.max(begin, pixel * from)) / from,
      });
    return found;
  });
}
