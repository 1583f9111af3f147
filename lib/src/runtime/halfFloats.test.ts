import { describe, expect, it } from 'vitest';
import { fromHalves, toHalves } from './halfFloats';

const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

describe.each(['float16', 'bfloat16'] as const)('numbers of %s', (dtype) => {
  it('become numbers, and the same again', () => {
    const numbers = fromHalves(dtype, all);
    const again = toHalves(dtype, numbers);
    const number = (bits: number) => fromHalves(dtype, again.subarray(bits, bits + 1))[0];
    const isSame = (bits: number) =>
      again[bits] === bits || (Number.isNaN(numbers[bits]) && Number.isNaN(number(bits)));
    expect([...all].filter((bits) => !isSame(bits))).toEqual([]);
  });

  it('are what is nearest to a number, and the even one of two that are', () => {
    // Those above zero, in their order, that are finite.
    const numbers = fromHalves(dtype, all).subarray(0, dtype === 'float16' ? 0x7c00 : 0x7f80);
    const between = (bits: number) =>
      [0.499, 0.5, 0.501].map((part) => numbers[bits]! + (numbers[bits + 1]! - numbers[bits]!) * part);
    // Those of bfloat16 next to zero have no numbers of 32 bits between them.
    const parted = [...all.subarray(0, numbers.length - 1)].filter((bits) =>
      between(bits).every((number) => Math.fround(number) > numbers[bits]! && Math.fround(number) < numbers[bits + 1]!),
    );
    const wrong = parted.filter((bits) => {
      const even = bits % 2 === 0 ? bits : bits + 1;
      return String(toHalves(dtype, Float32Array.from(between(bits)))) !== String([bits, even, bits + 1]);
    });
    expect([wrong, parted.length > 30_000]).toEqual([[], true]);
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
