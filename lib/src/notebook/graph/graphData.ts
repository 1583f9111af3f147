/** What is known of a graph where it is drawn: plain data, for a notebook's page has no libtensorflow. */

import type { GraphLanguage } from './words';

/** An output of an operation. */
export interface TensorData {
  readonly dtype: string;
  /** Its sizes, null for an unknown one; null when not even the rank is known. */
  readonly shape: readonly (number | null)[] | null;
}

export interface OperationData {
  readonly name: string;
  readonly type: string;
  /** The names of the tensors that it takes, such as `hidden1/MatMul:0`. */
  readonly inputs: readonly string[];
  /** The names of the operations that it waits for. */
  readonly controlInputs: readonly string[];
  readonly outputs: readonly TensorData[];
  /** Its attributes, each as a short text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly device: string;
  /** The file and line that built it, or `''`. */
  readonly site: string;
}

/** The way in which tensors flow over the drawing. */
export type Direction = 'down' | 'up' | 'right';

/** What the colours of a drawing tell: what a node is, or the device that it runs on. Devices are boxes, too. */
export type ColorBy = 'structure' | 'device';

/** What the output of a cell holds of a graph. */
export interface GraphData {
  /** The JSON of an array of {@link OperationData}, compressed by gzip, in base64: graphs repeat themselves a lot. */
  readonly gzip: string;
  /** The ids of the scopes that are open at first. */
  readonly expanded: readonly string[];
  /** The reader's window decides where none is given. */
  readonly direction?: Direction;
  readonly colorBy: ColorBy;
  /** Of the notebook; older outputs don't say it, and are English. */
  readonly language?: GraphLanguage;
  /** What the reader should know, such as that this is not the whole graph. */
  readonly note?: string;
}

/** A shape as a reader says it: `100×784`, `?` for what is unknown, `scalar`. */
export function sizesText(shape: TensorData['shape']): string {
  if (shape === null) return '?';
  return shape.length === 0 ? 'scalar' : shape.map((size) => size ?? '?').join('×');
}

/** The operation that computes a tensor, by their names: `x` for `x:0`. */
export function producerOf(tensor: string): string {
  return tensor.slice(0, tensor.lastIndexOf(':'));
}

/** Which of its operation's outputs a tensor is, by its name: 0 for `x:0`. */
export function indexOf(tensor: string): number {
  return Number(tensor.slice(tensor.lastIndexOf(':') + 1));
}

/** A device's name for people. */
export function deviceLabel(device: string): string {
  return device || 'no device';
}
