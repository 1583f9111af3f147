/** A typed array that grows while elements of unknown number are appended. */

import { allocateUnfilled, type HostData, type HostDType } from '../runtime/dtypes';
import { HostArray } from '../runtime/hostArray';
import type { Element } from './cells';

/** The elements of a column that have been read so far. */
export class GrowingArray {
  readonly dtype: HostDType;
  #data: Element[];
  #length = 0;

  constructor(dtype: HostDType) {
    this.dtype = dtype;
    this.#data = room(dtype, 1024);
  }

  get length(): number {
    return this.#length;
  }

  push(element: Element): void {
    if (this.#length === this.#data.length) this.#grow(1);
    this.#data[this.#length++] = element;
  }

  /** Appends bytes, to an array of bytes. */
  append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#data.length) this.#grow(bytes.length);
    (this.#data as unknown as Uint8Array).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** All elements, as an array of this shape. */
  toArray(shape: readonly number[]): HostArray {
    return new HostArray(this.dtype, shape, this.#data.slice(0, this.#length) as unknown as HostData[HostDType]);
  }

  #grow(elements: number): void {
    if (this.dtype === 'string') return; // an array of Buffers grows by itself
    const larger = room(this.dtype, Math.max(2 * this.#data.length, this.#length + elements));
    (larger as unknown as Uint8Array).set(this.#data as unknown as Uint8Array);
    this.#data = larger;
  }
}

/** Typed arrays accept elements like plain arrays. */
function room(dtype: HostDType, length: number): Element[] {
  return (dtype === 'string' ? [] : allocateUnfilled(dtype, length)) as unknown as Element[];
}
