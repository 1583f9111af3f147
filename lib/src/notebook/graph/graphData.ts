/** The data of a graph for drawing: plain data, because a notebook's page has no libtensorflow. */

import type { GraphLanguage } from './words';

/** An output of an operation. */
export interface TensorData {
  readonly dtype: string;
  /** Its sizes, null for an unknown one; null if not even the rank is known. */
  readonly shape: readonly (number | null)[] | null;
}

export interface OperationData {
  readonly name: string;
  readonly type: string;
  /** The names of its input tensors, such as `hidden1/MatMul:0`. */
  readonly inputs: readonly string[];
  /** The names of the operations that it waits for. */
  readonly controlInputs: readonly string[];
  readonly outputs: readonly TensorData[];
  /** Its attributes, as short texts. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly device: string;
  /** The file and line that built it, or `''`. */
  readonly site: string;
}

/** The direction of data flow in the drawing. */
export type Direction = 'down' | 'up' | 'right';

/** The meaning of colours in a drawing: the kind of a node, or its device. Devices are also drawn as boxes. */
export type ColorBy = 'structure' | 'device';

/** The data of a graph in the output of a cell. */
export interface GraphData {
  /** The JSON of an array of {@link OperationData}, gzipped, in base64, because graphs are very repetitive. */
  readonly gzip: string;
  /** The ids of the scopes that are open initially. */
  readonly expanded: readonly string[];
  /** If left out, it depends on the reader's window. */
  readonly direction?: Direction;
  readonly colorBy: ColorBy;
  /** The language of the notebook; older outputs don't contain it, and are English. */
  readonly language?: GraphLanguage;
  /** A note for the reader, such as that this is not the whole graph. */
  readonly note?: string;
}

/** A shape in readable form: `100×784`, `?` for an unknown size, `scalar`. */
export function sizesText(shape: TensorData['shape']): string {
  if (shape === null) return '?';
  return shape.length === 0 ? 'scalar' : shape.map((size) => size ?? '?').join('×');
}

/** The name of the operation that computes a tensor: `x` for `x:0`. */
export function producerOf(tensor: string): string {
  return tensor.slice(0, tensor.lastIndexOf(':'));
}

/** The index of a tensor among the outputs of its operation: 0 for `x:0`. */
export function indexOf(tensor: string): number {
  return Number(tensor.slice(tensor.lastIndexOf(':') + 1));
}

/** A device's name in readable form. */
export function deviceLabel(device: string): string {
  return device || 'no device';
}
