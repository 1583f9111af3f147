/** What operations take and give. */

export interface Value {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
  /** Whether no number is infinite or none, where that is known: then zeros times these are zeros. */
  readonly isFinite?: boolean;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
