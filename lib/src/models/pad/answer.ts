/** The messages between the pad, the worker that prepares drawings, and the network. */
import type { Stroke } from './strokes';

/** A network's answer for a digit. */
export interface Answer {
  /** The probability of each digit. */
  readonly probabilities: ArrayLike<number>;
  /** The feature maps of its layers, those closest to the image first. */
  readonly layers: readonly Layer[];
}

/** The feature maps of one layer. */
export interface Layer {
  /** Height, width and number of maps. */
  readonly shape: readonly [height: number, width: number, count: number];
  /** The values, row by row, with the maps interleaved. */
  readonly data: Float32Array;
}

/** A layer's output for one image. */
export function layerOf(output: {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}): Layer {
  const [, height, width, count] = output.shape as [number, number, number, number];
  return { shape: [height, width, count], data: output.data as Float32Array };
}

/** A drawing, prepared as an MNIST digit. */
export interface Prepared {
  readonly pixels: Uint8Array;
  readonly warnings: readonly string[];
}

/** A network exported by `tf.tfjs.exportGraphModel`, and the roles of its outputs. */
export interface ExportedReader {
  /** `model.json`. */
  readonly json: string;
  /** The concatenated files of weights. */
  readonly weights: ArrayBuffer;
}

/** To the worker. */
export type Question =
  | { readonly kind: 'network'; readonly network: ExportedReader }
  | { readonly kind: 'drawing'; readonly number: number; readonly strokes: readonly Stroke[] };

/**
 * From the worker, for the drawing of this number: first the prepared digit, then the network's answer. If the network
 * is still loading, the answer for the last drawing follows as soon as possible.
 */
export type Reply =
  | { readonly kind: 'prepared'; readonly number: number; readonly prepared: Prepared; readonly isAnswered: boolean }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: Answer }
  | { readonly kind: 'problem'; readonly problem: string };
