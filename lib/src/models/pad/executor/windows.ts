/** Operations with windows over pictures: convolutions and pooling. Pictures are `[count, height, width, channels]`. */
import type { NodeJson } from '../exportedModel';
import { sizeOf, type Value } from './value';

/** The windows along one side of a picture. */
interface Side {
  readonly size: number;
  readonly count: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** The number of positions of the first window before the picture. */
  readonly before: number;
}

const text = (base64 = '') => atob(base64);

/** Whether a node's window attributes are supported. */
const hasKnownWindows = ({ attr }: NodeJson) =>
  ['', 'NHWC'].includes(text(attr?.data_format?.s)) && ['SAME', 'VALID'].includes(text(attr?.padding?.s));

/** Whether the windows of a node are supported. */
export const isConvolution = hasKnownWindows;
export const isPool = (node: NodeJson): boolean => {
  const [counts, , , channels] = lengths(node, 'ksize');
  return hasKnownWindows(node) && counts === 1 && channels === 1;
};

function lengths({ attr }: NodeJson, name: string): number[] {
  return (attr?.[name]?.list?.i ?? []).map(Number);
}

function sideOf(node: NodeJson, axis: 1 | 2, size: number, window: number): Side {
  const stride = lengths(node, 'strides')[axis] ?? 1;
  const dilation = lengths(node, 'dilations')[axis] ?? 1;
  const reach = (window - 1) * dilation + 1;
  const isSame = text(node.attr?.padding?.s) === 'SAME';
  const count = Math.ceil((isSame ? size : size - reach + 1) / stride);
  const beyond = isSame ? Math.max(0, (count - 1) * stride + reach - size) : 0;
  return { size, count, window, stride, dilation, before: Math.floor(beyond / 2) };
}

/**
 * Calls `visit` with the offsets of each window in the data, for a row of channels at a time, and `end` after each
 * window.
 */
function eachWindow(
  count: number,
  down: Side,
  across: Side,
  visit: (from: number, place: number) => void,
  end: (to: number) => void,
): void {
  let to = 0;
  for (let picture = 0; picture < count; picture++)
    for (let row = 0; row < down.count; row++)
      for (let column = 0; column < across.count; column++) {
        for (let j = 0; j < down.window; j++) {
          const y = row * down.stride - down.before + j * down.dilation;
          if (y < 0 || y >= down.size) continue;
          for (let i = 0; i < across.window; i++) {
            const x = column * across.stride - across.before + i * across.dilation;
            if (x < 0 || x >= across.size) continue;
            visit((picture * down.size + y) * across.size + x, j * across.window + i);
          }
        }
        end(to++);
      }
}

function sidesOf(node: NodeJson, { shape }: Value, [height, width]: readonly number[]) {
  return [sideOf(node, 1, shape[1]!, height!), sideOf(node, 2, shape[2]!, width!)] as const;
}

/** `Conv2D`, with a filter `[height, width, channels, other channels]`. */
export function convolution(node: NodeJson, pictures: Value, filter: Value): Value {
  const [down, across] = sidesOf(node, pictures, filter.shape);
  const [count] = pictures.shape as [number];
  const [, , channels, others] = filter.shape as [number, number, number, number];
  const shape = [count, down.count, across.count, others];
  const data = new Float32Array(sizeOf(shape));
  const sums = new Float64Array(others);
  const [given, weights] = [pictures.data, filter.data];
  const skipsZeros = filter.isFinite === true; // most of a drawing is paper
  eachWindow(
    count,
    down,
    across,
    (from, place) => {
      for (let channel = 0; channel < channels; channel++) {
        const value = given[from * channels + channel]!;
        if (value === 0 && skipsZeros) continue;
        const begin = (place * channels + channel) * others;
        for (let other = 0; other < others; other++) sums[other]! += value * weights[begin + other]!;
      }
    },
    (to) => {
      data.set(sums, to * others);
      sums.fill(0);
    },
  );
  return { shape, data };
}

/** `DepthwiseConv2dNative`: several outputs per channel, according to the filter's last dimension. */
export function depthwise(node: NodeJson, pictures: Value, filter: Value): Value {
  const [down, across] = sidesOf(node, pictures, filter.shape);
  const [count] = pictures.shape as [number];
  const [, , channels, each] = filter.shape as [number, number, number, number];
  const others = channels * each;
  const shape = [count, down.count, across.count, others];
  const data = new Float32Array(sizeOf(shape));
  const sums = new Float64Array(others);
  eachWindow(
    count,
    down,
    across,
    (from, place) => {
      for (let other = 0; other < others; other++)
        sums[other]! +=
          pictures.data[from * channels + Math.floor(other / each)]! * filter.data[place * others + other]!;
    },
    (to) => {
      data.set(sums, to * others);
      sums.fill(0);
    },
  );
  return { shape, data };
}

/** `MaxPool` or `AvgPool`, over the parts of windows inside the picture. */
export function pool(node: NodeJson, pictures: Value, kind: 'greatest' | 'mean'): Value {
  const [, height, width] = lengths(node, 'ksize');
  const [down, across] = sidesOf(node, pictures, [height!, width!]);
  const [count, , , channels] = pictures.shape as [number, number, number, number];
  const shape = [count, down.count, across.count, channels];
  const data = new Float32Array(sizeOf(shape));
  const begin = kind === 'greatest' ? Number.NEGATIVE_INFINITY : 0;
  const window = new Float64Array(channels).fill(begin);
  let seen = 0;
  eachWindow(
    count,
    down,
    across,
    (from) => {
      seen++;
      for (let channel = 0; channel < channels; channel++) {
        const value = pictures.data[from * channels + channel]!;
        window[channel] = kind === 'greatest' ? Math.max(window[channel]!, value) : window[channel]! + value;
      }
    },
    (to) => {
      for (let channel = 0; channel < channels; channel++)
        data[to * channels + channel] = kind === 'greatest' ? window[channel]! : window[channel]! / seen;
      window.fill(begin);
      seen = 0;
    },
  );
  return { shape, data };
}
