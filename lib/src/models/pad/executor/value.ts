/** The values of tensors. */

export interface Value {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
  /** Whether all numbers are known to be finite: a product with zero is then zero. */
  readonly isFinite?: boolean;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
