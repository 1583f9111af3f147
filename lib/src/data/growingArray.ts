/** An array of elements that come one after the other, nobody knows how many. */

import { allocateUnfilled, type HostData, type HostDType } from '../runtime/dtypes';
import { HostArray } from '../runtime/hostArray';
import type { Element } from './cells';

/** What is read of a column, until all of it is read. */
export class GrowingArray {
  readonly dtype: HostDType;
  #data: Element[];
  #length = 0;

  constructor(dtype: HostDType) {
    this.dtype = dtype;
    this.#data = unfilled(dtype, 1024);
  }

  get length(): number {
    return this.#length;
  }

  push(element: Element): void {
    if (this.#length === this.#data.length) this.#grow();
    this.#data[this.#length++] = element;
  }

  /** All elements, in an array of this shape. */
  toArray(shape: readonly number[]): HostArray {
    return new HostArray(this.dtype, shape, this.#data.slice(0, this.#length) as unknown as HostData[HostDType]);
  }

  #grow(): void {
    const larger = unfilled(this.dtype, 2 * this.#data.length);
    for (let i = 0; i < this.#length; i++) larger[i] = this.#data[i]!;
    this.#data = larger;
  }
}

/** An array of strings grows by itself. */
function unfilled(dtype: HostDType, length: number): Element[] {
  return (dtype === 'string' ? [] : allocateUnfilled(dtype, length)) as unknown as Element[];
}
