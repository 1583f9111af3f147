/**
 * The border to `@tensorflow/tfjs-node`, the project's tensor library: its tensors can be fed, and host arrays can
 * become its tensors. The package is loaded at the first conversion that needs it, since it takes a second to load
 * and its native addon may be missing (no compiler, no download).
 */

import { createRequire } from 'node:module';
import util from 'node:util';
// Not from the package's index: its 300 files would be read by every notebook that imports the library.
import type { Tensor as TfjsTensor } from '@tensorflow/tfjs-core/dist/tensor';
import { messageOf } from './errorContext';
import type { HostArray } from './hostArray';

type Tfjs = typeof import('@tensorflow/tfjs-core');

let loaded: Tfjs | undefined;

function tfjs(): Tfjs {
  try {
    mendNodeUtil();
    loaded ??= createRequire(__filename)('@tensorflow/tfjs-node') as Tfjs;
    return loaded;
  } catch (error) {
    const reason = messageOf(error).split('\n')[0];
    throw new Error(
      `conversion to a tfjs tensor needs @tensorflow/tfjs-node with its native addon, which could not be loaded (${reason}). ` +
        'Install a C++ compiler, make and Python 3, then run the set-up again: npm run setup -- --retry',
    );
  }
}

/** tfjs-node 4.22 calls a function that Node 23 removed. */
function mendNodeUtil(): void {
  const nodeUtil: { isNullOrUndefined?: (value: unknown) => boolean } = util;
  nodeUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** Whether `value` is a tensor of tfjs. Told by its shape, so that asking loads nothing. */
export function isTfjsTensor(value: unknown): value is TfjsTensor {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<TfjsTensor>).dataSync === 'function' &&
    Array.isArray((value as Partial<TfjsTensor>).shape)
  );
}

/** A tensor of tfjs with the value of `array`. tfjs has float32, int32, bool and string; other dtypes become the nearest. */
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
      return tensor((data as Buffer[]).map((bytes) => new Uint8Array(bytes)) as unknown as string[], shape, 'string');
    case 'float64':
      return tensor(Float32Array.from(data as Float64Array), shape, 'float32');
    default:
      return tensor(Int32Array.from(data as ArrayLike<number | bigint>, Number), shape, 'int32');
  }
}
