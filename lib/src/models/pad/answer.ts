/** What the pad, what prepares drawings and what reads them tell each other. */
import type { Stroke } from './strokes';

/** What a network says of a digit. */
export interface Answer {
  /** The probability of each digit. */
  readonly probabilities: ArrayLike<number>;
  /** What its layers of features make of it, those nearest to the picture first. */
  readonly layers: readonly Layer[];
}

/** Pictures that a layer makes of one. */
export interface Layer {
  /** Height, width and how many there are. */
  readonly shape: readonly [height: number, width: number, count: number];
  /** Row by row, of each place all pictures' numbers. */
  readonly data: Float32Array;
}

/** A layer as a network gives it, of one image. */
export function layerOf(output: {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}): Layer {
  const [, height, width, count] = output.shape as [number, number, number, number];
  return { shape: [height, width, count], data: output.data as Float32Array };
}

/** A drawing as a digit of MNIST's. */
export interface Prepared {
  readonly pixels: Uint8Array;
  readonly warnings: readonly string[];
}

/** A network as `tf.tfjs.exportGraphModel` writes it, and which of its outputs are what. */
export interface ExportedReader {
  /** `model.json`. */
  readonly json: string;
  /** The files of weights, one behind the other. */
  readonly weights: ArrayBuffer;
}

/** To the worker. */
export type Question =
  | { readonly kind: 'network'; readonly network: ExportedReader }
  | { readonly kind: 'drawing'; readonly number: number; readonly strokes: readonly Stroke[] };

/**
 * From the worker, of the drawing of this number: first what it is as a digit, and then what the network says of it; where that is still on
 * its way, of the last drawing as soon as it is there.
 */
export type Reply =
  | { readonly kind: 'prepared'; readonly number: number; readonly prepared: Prepared; readonly isAnswered: boolean }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: Answer }
  | { readonly kind: 'problem'; readonly problem: string };
