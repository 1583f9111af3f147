/**
 * Compares arrays of numbers as bytes first, where a test expects them to be equal: a weight after another, as `toEqual` does it, a file of
 * weights takes seconds. Those that differ are compared as before, and so are told of as before.
 */
import { expect } from 'vitest';

expect.addEqualityTesters([
  (one: unknown, other: unknown) => {
    if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other) || one.constructor !== other.constructor)
      return undefined;
    return bytesOf(one).equals(bytesOf(other)) || undefined;
  },
]);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
