/** For tests: arrays of any shape without writing them out. */
import { allocate, type FloatDType } from '../runtime/dtypes';
import { HostArray, sizeOf } from '../runtime/hostArray';

/**
 * An array of numbers between -1 and 1, no two of which are equal, in no simple order.
 *
 * @param seed another one gives other numbers
 *
 * @example
 * wave([2, 3]); // float64
 */
export function wave<D extends FloatDType = 'float64'>(
  shape: readonly number[],
  { dtype = 'float64' as D, seed = 0 }: { dtype?: D; seed?: number } = {},
): HostArray<D> {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(1 + 2.3 * seed + 1.7 * i + 0.013 * i * i);
  return new HostArray(dtype, shape, data);
}
