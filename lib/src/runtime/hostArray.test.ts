import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { HostDType } from './dtypes';
import { InvalidArgumentError } from './errors';
import { type ArrayLike, checkData, HostArray, sizeOf, toHostArray } from './hostArray';

describe('a host array', () => {
  const array = new HostArray('float32', [2, 3], new Float32Array([1, 2, 3, 4, 5, 6]));

  it('gives single elements by their indices', () => {
    expect(array.at(1, 0)).toBe(4);
    expect(new HostArray('bool', [2], new Uint8Array([0, 1])).at(1)).toBe(true);
    expect(new HostArray('int64', [], new BigInt64Array([7n])).at()).toBe(7n);
  });

  it.each([
    [[0], 'an array of shape [2, 3] takes 2 indices, not 1'],
    [[0, 3], 'index 3 is outside of dimension 1 of shape [2, 3]'],
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

  it('has the dtype of its value in its type, also where none is given', () => {
    const arrays = [
      toHostArray(1),
      toHostArray([[1, 2]]),
      toHostArray(Float64Array.of(1)),
      toHostArray(Int16Array.of(1)),
      toHostArray([BigUint64Array.of(1n)]),
      toHostArray(Uint8Array.of(1)),
      toHostArray([Uint8Array.of(1)]),
      toHostArray([true]),
      toHostArray('text'),
      toHostArray(1n),
    ] as const;
    expectTypeOf(arrays).toEqualTypeOf<
      readonly [
        HostArray<'float32'>,
        HostArray<'float32'>,
        HostArray<'float64'>,
        HostArray<'int16'>,
        HostArray<'uint64'>,
        HostArray<'uint8'>,
        HostArray<'string'>,
        HostArray<'bool'>,
        HostArray<'string'>,
        HostArray<'int64'>,
      ]
    >();
    expect(arrays.map(({ dtype }) => dtype).join(' ')).toBe(
      'float32 float32 float64 int16 uint64 uint8 string bool string int64',
    );
  });

  it('takes another shape without a copy', () => {
    expect(array.reshape([3, 2]).data).toBe(array.data);
    expect(() => array.reshape([4, 2])).toThrow('shape [4, 2] holds 8 elements, but the data has 6');
  });

  it('shows itself with dtype and shape', () => {
    expect(inspect(array)).toBe('HostArray float32 [2, 3] Float32Array(6) [ 1, 2, 3, 4, 5, 6 ]');
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
    expect(() => toHostArray(undefined!)).toThrow('expected float32, got undefined');
  });

  it('may have typed arrays as rows', () => {
    const rows = [Float64Array.of(1, 2), Float64Array.of(3, 0.5)];
    expect(toHostArray(rows)).toMatchObject({ dtype: 'float64', shape: [2, 2] });
    expect(toHostArray(rows, 'float32').data).toEqual(Float32Array.of(1, 2, 3, 0.5));
    expect(toHostArray([[Uint8Array.of(1, 2)]], 'int32').shape).toEqual([1, 1, 2]);
    expect(() => toHostArray([Float32Array.of(1), Float32Array.of(1, 2)])).toThrow('must be rectangular');
  });

  it('are refused where they are nested deeper than tensors are, or contain themselves', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 300; i++) deep = [deep];
    const itself: unknown[] = [];
    itself.push(itself, itself);
    for (const value of [deep, itself]) expect(() => toHostArray(value as ArrayLike)).toThrow('at most 254 dimensions');
  });

  it('say which element a dtype does not hold', () => {
    expect(() =>
      toHostArray(
        [
          [1, 2],
          [3, 0.5],
        ],
        'int32',
      ),
    ).toThrow('expected int32, got 0.5 at [1, 1]');
    expect(() => toHostArray([300], 'uint8')).toThrow("expected uint8, got 300 at [0], which uint8 doesn't hold");
    expect(() => toHostArray('a\ud800')).toThrow('is no text: it has half of a pair of surrogates');
    expect(toHostArray('😀').at()).toEqual(Buffer.from('😀'));
  });
});

describe('typed arrays and host arrays of another dtype', () => {
  it('are converted, as in Python', () => {
    const converted = (value: ArrayLike, dtype: HostDType) => [...toHostArray(value, dtype).data];
    expect(converted(Float64Array.of(0.1, 2), 'float32')).toEqual([Math.fround(0.1), 2]);
    expect(converted(Uint8Array.of(1, 255), 'float32')).toEqual([1, 255]);
    expect(converted(Buffer.from([7]), 'int32')).toEqual([7]);
    expect(converted(Uint8ClampedArray.of(7), 'float32')).toEqual([7]);
    expect(converted(Int32Array.of(-1), 'int64')).toEqual([-1n]);
    expect(converted(BigInt64Array.of(5n), 'int32')).toEqual([5]);
    expect(converted(BigInt64Array.of(-5n), 'float32')).toEqual([-5]);
    expect(converted(Float32Array.of(3), 'int32')).toEqual([3]);
    expect(converted(Float64Array.of(Number.NaN, -Infinity), 'float32')).toEqual([Number.NaN, -Infinity]);
    expect(converted(Int32Array.of(0, 1), 'bool')).toEqual([0, 1]);
    expect(converted(toHostArray([true, false]), 'float32')).toEqual([1, 0]);
    expect(toHostArray(toHostArray([[1], [2]]), 'int32')).toMatchObject({ dtype: 'int32', shape: [2, 1] });
  });

  it.each([
    [Float32Array.of(1, 0.5), 'int32', 'element 1 is 0.5, which is no whole number'],
    [Float64Array.of(Number.NaN), 'int64', 'element 0 is NaN'],
    [Float64Array.of(2 ** 40), 'int32', "element 0 is 1099511627776, which int32 doesn't hold"],
    [Int32Array.of(300), 'uint8', "element 0 is 300, which uint8 doesn't hold"],
    [Int32Array.of(-1), 'uint64', "element 0 is -1, which uint64 doesn't hold"],
    [BigInt64Array.of(2n ** 53n + 1n), 'int32', 'element 0 is 9007199254740993n'],
    [Float64Array.of(1e300), 'float32', "element 0 is 1e+300, which float32 doesn't hold"],
    [Float64Array.of(2 ** 63), 'int64', "which int64 doesn't hold"],
    [Uint8Array.of(0, 2), 'bool', 'a bool is 0 or 1, but element 1 is 2'],
    [Int32Array.of(2), 'bool', 'element 0 is 2, which is neither 0 nor 1'],
    [Float32Array.of(1), 'string', 'expected string, got 1 at [0]'],
    [toHostArray(['1']), 'int32', 'expected int32, got an array of string'],
  ] as const)('of %o are refused as %s where something would be lost', (value, dtype, message) => {
    expect(() => toHostArray(value as ArrayLike, dtype)).toThrow(message);
  });

  it('keep every number, or are refused', () => {
    const kinds = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, int32: Int32Array, float64: Float64Array };
    const value = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(), fc.double());
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])), fc.array(value), (to, values) => {
        const from = Float64Array.from(values);
        try {
          const converted = toHostArray(from, to);
          expect(converted.data).toBeInstanceOf(kinds[to]);
          expect(Array.from(converted.data as Float64Array).map((x) => x + 0)).toEqual(values.map((x) => x + 0));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
          expect(values.every((x) => kinds[to].of(x)[0] === x)).toBe(false);
        }
      }),
    );
  });

  it('are not copied where nothing has to be converted', () => {
    const data = Float32Array.of(1, 2);
    expect(toHostArray(data, 'float32').data).toBe(data);
    const bytes = Buffer.from([0, 1]);
    expect(toHostArray(bytes, 'bool').data).toBe(bytes);
  });
});

describe('typed arrays whose memory was transferred', () => {
  const transferred = () => {
    const values = Float32Array.of(1, 2);
    structuredClone(values, { transfer: [values.buffer] });
    return values;
  };

  it('are refused, not taken for empty ones', () => {
    const message = 'the memory of this Float32Array was transferred to another thread or buffer';
    expect(() => toHostArray(transferred())).toThrow(message);
    expect(() => toHostArray(transferred(), 'int32')).toThrow(message);
    expect(() => toHostArray([transferred(), transferred()])).toThrow(message);
    expect(() => new HostArray('float32', [0], transferred())).toThrow(message);
    expect(toHostArray(new Float32Array(0)).shape).toEqual([0]);
    const array = toHostArray(Float32Array.of(1, 2));
    structuredClone(array.data, { transfer: [array.data.buffer as ArrayBuffer] });
    expect(() => checkData(array.dtype, array.shape, array.data)).toThrow(message);
  });
});

describe('the shape of an array', () => {
  const make = (shape: unknown, data: unknown = new Float32Array(2)) =>
    new HostArray('float32', shape as number[], data as Float32Array);

  it.each([
    [[-1, -2], 'made of whole numbers from 0 on'],
    [[0, -2], 'made of whole numbers from 0 on'],
    [[0.5, 4], 'made of whole numbers from 0 on'],
    [[Number.NaN], 'made of whole numbers from 0 on'],
    [['2'], 'made of whole numbers from 0 on'],
    [[2n], 'made of whole numbers from 0 on'],
    [[2 ** 60], 'made of whole numbers from 0 on'],
    [[2 ** 40, 2 ** 40, 0], 'has too many elements'],
    [Array(300).fill(1), 'at most 254 dimensions; this one has 300'],
    [2, 'a shape is an array such as [2, 3], not 2'],
    [null, 'not null'],
  ])('is not %o', (shape, message) => {
    expect(() => make(shape)).toThrow(InvalidArgumentError);
    expect(() => make(shape)).toThrow(message);
  });

  it('has the elements that the data has, and is not changed by who gave it', () => {
    expect(() => make([3])).toThrow('shape [3] holds 3 elements, but the data has 2');
    const shape = [2];
    const array = make(shape);
    shape[0] = 7;
    expect(array.shape).toEqual([2]);
  });

  it('takes a -1 for what is left when it is changed', () => {
    const array = new HostArray('float32', [6], new Float32Array(6));
    expect(array.reshape([-1, 2]).shape).toEqual([3, 2]);
    expect(array.reshape([2, -1, 1]).shape).toEqual([2, 3, 1]);
    expect(() => array.reshape([-1, 4])).toThrow("6 elements don't make up an array of shape [-1, 4]");
    expect(() => array.reshape([-1, 0])).toThrow("don't make up");
    expect(() => array.reshape([-1, -1])).toThrow('made of whole numbers from 0 on');
  });

  it('is the same number of elements in whatever it is multiplied', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 5 }), (shape) => {
        expect(sizeOf(shape)).toBe(shape.reduce((a, b) => a * b, 1));
      }),
    );
  });
});

describe('the data of an array', () => {
  it.each([
    [
      'float32',
      Float64Array.of(1, 2),
      "an array of float32 holds a Float32Array, not a Float64Array; hostArray(data, 'float32') converts",
    ],
    ['float32', [1, 2], 'holds a Float32Array, not [ 1, 2 ]'],
    ['int64', Int32Array.of(1, 2), 'holds a BigInt64Array'],
    ['bool', Uint8Array.of(1, 255), 'a bool is 0 or 1, but element 1 is 255'],
    ['string', ['a', 'b'], 'an array of string holds an array of Buffers'],
    ['float16', Float32Array.of(1, 2), "no array holds elements of dtype 'float16'"],
    [undefined, Float32Array.of(1, 2), 'no array holds elements of dtype undefined'],
  ])('of %s is not %o', (dtype, data, message) => {
    expect(() => new HostArray(dtype as 'float32', [2], data as Float32Array)).toThrow(InvalidArgumentError);
    expect(() => new HostArray(dtype as 'float32', [2], data as Float32Array)).toThrow(message);
  });

  it('that there is no memory for is an error of its own', () => {
    expect(() => toHostArray(0).reshape([1]) && new HostArray('float32', [2 ** 45], new Float32Array())).toThrow(
      'holds 35184372088832 elements, but the data has 0',
    );
  });
});

describe('an array as text', () => {
  it('has its elements in brackets, those in the middle left out', () => {
    expect(`${toHostArray([1, 2])}`).toBe('[1, 2]');
    expect(
      String(
        toHostArray([
          [1.1, 2],
          [3, 4],
        ]),
      ),
    ).toBe('[[1.1, 2], [3, 4]]');
    expect(String(toHostArray([0.1], 'float64'))).toBe('[0.1]');
    expect(String(toHostArray(5n))).toBe('5');
    expect(String(toHostArray([true, false]))).toBe('[true, false]');
    expect(String(toHostArray(['a']))).toBe('["a"]');
    expect(String(toHostArray([[], []]))).toBe('[[], []]');
    expect(String(toHostArray(Int32Array.from({ length: 100 }, (_, i) => i)))).toBe('[0, 1, 2, 3, …, 96, 97, 98, 99]');
  });

  it('is nested arrays in JSON', () => {
    const json = (value: ArrayLike) => JSON.parse(JSON.stringify({ value: toHostArray(value) })).value;
    expect(
      json([
        [1, 2],
        [3, 4.5],
      ]),
    ).toEqual([
      [1, 2],
      [3, 4.5],
    ]);
    expect(json([true])).toEqual([true]);
    expect(json(['ä'])).toEqual(['ä']);
    expect(json([7n, 2n ** 60n])).toEqual([7, `${2n ** 60n}`]);
    expect(json(3)).toBe(3);
  });
});
