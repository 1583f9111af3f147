/**
 * The interface to `@tensorflow/tfjs-node`: its tensors can be fed, and host arrays can be converted to its tensors.
 * The package is loaded on first use, because loading takes a second and its native addon may be missing (no compiler,
 * no download).
 */

import { createRequire } from 'node:module';
import util from 'node:util';
import { messageOf } from './errorContext';
import { FailedPreconditionError } from './errors';
import type { HostArray } from './hostArray';
import { prepareEnvironment } from './nativeEnvironment';
import { needPackages } from './optionalPackages';

// Of its file, not of the package's index: the 300 files there would be read by every notebook that imports the library.
// biome-ignore lint/suspicious/noTsIgnore: it is an error for some only
/** @ts-ignore Where tfjs isn't installed, this is `any`. */
type InstalledTensor = import('@tensorflow/tfjs-core/dist/tensor').Tensor;

/** The part of a tfjs tensor that is used. */
interface AnyTfjsTensor {
  readonly dtype: string;
  readonly shape: number[];
  dataSync(): ArrayLike<number> | string[];
}

/**
 * A tfjs tensor: its own type if tfjs is installed, otherwise the part that the library uses. (If it isn't installed,
 * the type is `any`, of which any string is a key.)
 */
export type TfjsTensor = string extends keyof InstalledTensor ? AnyTfjsTensor : InstalledTensor;

/** The part of tfjs that is used. */
interface Tfjs {
  tensor(values: unknown, shape: number[], dtype: string): TfjsTensor;
}

let loaded: Tfjs | undefined;

function tfjs(): Tfjs {
  if (loaded) return loaded;
  needPackages('conversion to a tfjs tensor', '@tensorflow/tfjs-node');
  try {
    mendNodeUtil();
    prepareEnvironment(); // its addon loads libtensorflow too
    loaded = createRequire(__filename)('@tensorflow/tfjs-node') as Tfjs;
    return loaded;
  } catch (error) {
    const reason = messageOf(error).split('\n')[0];
    throw new FailedPreconditionError(
      `conversion to a tfjs tensor needs @tensorflow/tfjs-node with its native addon, which could not be loaded (${reason}). ` +
        'Install a C++ compiler, make and Python 3, then build it: npm rebuild @tensorflow/tfjs-node ' +
        '(in the repository of tf-mechanics: npm run setup -- --retry)',
    );
  }
}

/** tfjs-node 4.22 calls a function that Node 23 removed. */
function mendNodeUtil(): void {
  const nodeUtil: { isNullOrUndefined?: (value: unknown) => boolean } = util;
  nodeUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** Whether `value` is a tfjs tensor. Determined by its structure, so that nothing needs to be loaded. */
export function isTfjsTensor(value: unknown): value is TfjsTensor {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<TfjsTensor>).dataSync === 'function' &&
    Array.isArray((value as Partial<TfjsTensor>).shape)
  );
}

/**
 * A tfjs tensor with the value of `array`. tfjs has float32, int32, bool and string; other dtypes are converted to the
 * closest one.
 */
export function toTfjs(array: HostArray): TfjsTensor {
  const { tensor } = tfjs();
  const shape = [...array.shape];
  const { dtype, data } = array;
  switch (dtype) {
    case 'float32':
    case 'int32':
    case 'bool':
      return tensor((data as Float32Array).slice(), shape, dtype);
    case 'string':
      return tensor(
        (data as Buffer[]).map((bytes) => new Uint8Array(bytes)),
        shape,
        'string',
      );
    case 'float64':
      return tensor(Float32Array.from(data as Float64Array), shape, 'float32');
    default:
      return tensor(Int32Array.from(data as ArrayLike<number | bigint>, Number), shape, 'int32');
  }
}
