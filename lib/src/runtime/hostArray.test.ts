import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HostArray, toHostArray } from './hostArray';

describe('a host array', () => {
  const array = new HostArray('float32', [2, 3], new Float32Array([1, 2, 3, 4, 5, 6]));

  it('gives single elements by their indices', () => {
    expect(array.at(1, 0)).toBe(4);
    expect(new HostArray('bool', [2], new Uint8Array([0, 1])).at(1)).toBe(true);
    expect(new HostArray('int64', [], new BigInt64Array([7n])).at()).toBe(7n);
  });

  it.each([
    [[0], 'an array of shape [2,3] takes 2 indices, not 1'],
    [[0, 3], 'index 3 is outside of dimension 1 of shape [2,3]'],
    [[-1, 0], 'index -1 is outside of dimension 0'],
    [[0.5, 0], 'index 0.5 is outside of dimension 0'],
  ])('refuses the indices %j', (indices, message) => {
    expect(() => array.at(...indices)).toThrow(message);
  });

  it('becomes nested arrays', () => {
    expect(array.toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(new HostArray('string', [1], [Buffer.from('a')]).toArray()).toEqual([Buffer.from('a')]);
    expect(toHostArray(5).toArray()).toBe(5);
    expect(new HostArray('float32', [2, 0], new Float32Array()).toArray()).toEqual([[], []]);
  });

  it('takes another shape without a copy', () => {
    expect(array.reshape([3, 2]).data).toBe(array.data);
    expect(() => array.reshape([4, 2])).toThrow('shape [4,2] holds 8 elements, but the data has 6');
  });

  it('shows itself with dtype and shape', () => {
    expect(inspect(array)).toBe('HostArray float32 [2,3] Float32Array(6) [ 1, 2, 3, 4, 5, 6 ]');
  });
});

describe('plain values', () => {
  it.each([
    [1, 'float32', []],
    [[1, 2], 'float32', [2]],
    [[[1], [2], [3]], 'float32', [3, 1]],
    [[], 'float32', [0]],
    [1n, 'int64', []],
    [[true], 'bool', [1]],
    ['a', 'string', []],
    [new Float64Array(3), 'float64', [3]],
    [new Uint8Array(3), 'uint8', [3]],
    [[new Uint8Array(3)], 'string', [1]],
  ] as const)('%o are of dtype %s and shape %j when nothing else is said', (value, dtype, shape) => {
    expect(toHostArray(value)).toMatchObject({ dtype, shape });
  });

  it('take a dtype that can hold them', () => {
    expect(toHostArray([1, 2], 'int64').data).toEqual(new BigInt64Array([1n, 2n]));
    expect(toHostArray(new Uint8Array([0, 1]), 'bool').toArray()).toEqual([false, true]);
    expect(toHostArray(new Uint8Array([97]), 'string').at()).toEqual(Buffer.from('a'));
  });

  it('must be rectangular', () => {
    expect(() => toHostArray([[1], 2])).toThrow('expected an array of 1 at depth 1, got 2');
    expect(() => toHostArray([1, [2]])).toThrow('expected an element at depth 1, got an array');
  });

  it('are numbers, booleans, strings or bytes', () => {
    for (const value of [null, { a: 1 }, [{ a: 1 }]])
      expect(() => toHostArray(value as never)).toThrow(/expected numbers, booleans, strings or bytes, got/);
    expect(() => toHostArray(undefined as never)).toThrow('expected float32, got undefined');
  });

  it('of typed arrays keep their own dtype', () => {
    expect(() => toHostArray(new Float64Array(1), 'float32')).toThrow('expected float32, got a Float64Array (float64)');
    expect(() => toHostArray(toHostArray([1]), 'int32')).toThrow('expected int32, got an array of float32');
  });
});
