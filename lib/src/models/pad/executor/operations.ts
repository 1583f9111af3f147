/** The supported operations, by type. */
import type { NodeJson } from '../exportedModel';
import { sizeOf, type Value } from './value';
import { convolution, depthwise, isConvolution, isPool, pool } from './windows';

export interface Operation {
  readonly compute: (node: NodeJson, ...inputs: Value[]) => Value;
  /** Whether it supports a node's attributes; if left out, all. */
  readonly does?: (node: NodeJson) => boolean;
}

const each = (change: (x: number, node: NodeJson) => number): Operation => ({
  compute: (node, { shape, data }) => {
    const result = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) result[i] = change(data[i]!, node);
    return { shape, data: result };
  },
});

const both = (join: (x: number, y: number) => number): Operation => ({
  compute: (_, a, b) => {
    const shape = broadcastShape(a.shape, b.shape);
    const data = new Float32Array(sizeOf(shape));
    const [first, second] = [stepsOf(a.shape, shape), stepsOf(b.shape, shape)];
    for (let i = 0; i < data.length; i++) {
      let [rest, ofA, ofB] = [i, 0, 0];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const place = rest % shape[axis]!;
        rest = (rest - place) / shape[axis]!;
        ofA += place * first[axis]!;
        ofB += place * second[axis]!;
      }
      data[i] = join(a.data[ofA]!, b.data[ofB]!);
    }
    return { shape, data };
  },
});

function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x = 1, y = 1] = [a[axis - rank + a.length], b[axis - rank + b.length]];
    return x === 1 ? y : x;
  });
}

/** The steps along each axis of `shape` in the data of another, possibly broadcast shape. */
function stepsOf(own: readonly number[], shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (let i = 1; i <= own.length; i++) {
    const length = own[own.length - i]!;
    if (length !== 1) steps[shape.length - i] = step;
    step *= length;
  }
  return steps;
}

/** Adds a vector along the last axis. */
function biasAdd(_: NodeJson, { shape, data }: Value, bias: Value): Value {
  const result = new Float32Array(data.length);
  const channels = bias.data.length;
  for (let from = 0; from < data.length; from += channels)
    for (let i = 0; i < channels; i++) result[from + i] = data[from + i]! + bias.data[i]!;
  return { shape, data: result };
}

/** The product of two matrices. It adds up rows, because many elements of the left matrix are zero. */
function product(_: NodeJson, a: Value, b: Value): Value {
  const [rows, inner] = a.shape as [number, number];
  const [, columns] = b.shape as [number, number];
  const data = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  const weights = b.data;
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let i = 0; i < inner; i++) {
      const value = a.data[row * inner + i]!;
      if (value === 0 && b.isFinite) continue;
      for (let column = 0, at = i * columns; column < columns; column++, at++) sums[column]! += value * weights[at]!;
    }
    data.set(sums, row * columns);
  }
  return { shape: [rows, columns], data };
}

function reshaped(_: NodeJson, { data }: Value, lengths: Value): Value {
  const shape = Array.from(lengths.data);
  const known = sizeOf(shape.filter((length) => length >= 0));
  return { shape: shape.map((length) => (length < 0 ? data.length / known : length)), data };
}

const hasChannelsLast = ({ attr }: NodeJson) => ['', 'NHWC'].includes(atob(attr?.data_format?.s ?? ''));
const isUnturned = ({ attr }: NodeJson) => attr?.transpose_a?.b !== true && attr?.transpose_b?.b !== true;
const elu = (x: number) => (x < 0 ? Math.expm1(x) : x);
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

export const operations: Readonly<Record<string, Operation>> = {
  Identity: { compute: (_, x) => x },
  Reshape: { compute: reshaped },
  Conv2D: { compute: convolution, does: isConvolution },
  DepthwiseConv2dNative: { compute: depthwise, does: isConvolution },
  MaxPool: { compute: (node, x) => pool(node, x, 'greatest'), does: isPool },
  AvgPool: { compute: (node, x) => pool(node, x, 'mean'), does: isPool },
  MatMul: { compute: product, does: isUnturned },
  BiasAdd: { compute: biasAdd, does: hasChannelsLast },
  Add: both((x, y) => x + y),
  AddV2: both((x, y) => x + y),
  Sub: both((x, y) => x - y),
  Mul: both((x, y) => x * y),
  RealDiv: both((x, y) => x / y),
  Maximum: both(Math.max),
  Minimum: both(Math.min),
  Relu: each((x) => Math.max(0, x)),
  Relu6: each((x) => Math.min(6, Math.max(0, x))),
  Elu: each(elu),
  Selu: each((x) => SELU.scale * (x < 0 ? SELU.alpha * Math.expm1(x) : x)),
  LeakyRelu: each((x, { attr }) => (x < 0 ? Number(attr?.alpha?.f ?? 0.2) * x : x)),
  Softplus: each((x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))),
  Tanh: each(Math.tanh),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
};
