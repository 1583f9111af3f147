import { describe, expect, it } from 'vitest';
import { fromHalves, toHalves } from './halfFloats';

const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

describe.each(['float16', 'bfloat16'] as const)('numbers of %s', (dtype) => {
  it('become numbers, and the same again', () => {
    const numbers = fromHalves(dtype, all);
    const again = toHalves(dtype, numbers);
    for (const bits of all)
      if (Number.isNaN(numbers[bits])) expect(fromHalves(dtype, again.subarray(bits, bits + 1))[0]).toBeNaN();
      else if (again[bits] !== bits) expect([bits, again[bits]]).toEqual([bits, bits]);
  });

  it('are what is nearest to a number, and the even one of two that are', () => {
    // Those above zero, in their order, the first of which that is infinite stands for the one that would follow.
    const numbers = fromHalves(dtype, all).subarray(0, dtype === 'float16' ? 0x7c00 : 0x7f80);
    for (let bits = 0; bits < numbers.length - 1; bits++) {
      const [low, high] = [numbers[bits]!, numbers[bits + 1]!];
      const middle = Math.fround(low + (high - low) / 2);
      const below = Math.fround(low + (high - low) * 0.499);
      const above = Math.fround(low + (high - low) * 0.501);
      const even = bits % 2 === 0 ? bits : bits + 1;
      if (middle > low && middle < high && below < middle && above > middle)
        expect([...toHalves(dtype, Float32Array.of(below, middle, above))]).toEqual([bits, even, bits + 1]);
    }
  });
});

it.each([
  ['float16', 65519, 65504],
  ['float16', 65520, Number.POSITIVE_INFINITY],
  ['float16', -1e30, Number.NEGATIVE_INFINITY],
  ['float16', 2 ** -25, 0],
  ['float16', -3e-8, -(2 ** -24)],
  ['float16', 0.1, 0.0999755859375],
  ['bfloat16', 0.1, 0.10009765625],
  ['bfloat16', 3.4e38, Number.POSITIVE_INFINITY],
] as const)('%s has %f as %f', (dtype, value, expected) => {
  expect(fromHalves(dtype, toHalves(dtype, Float32Array.of(value)))[0]).toBe(expected);
});
