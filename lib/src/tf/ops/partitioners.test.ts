import { describe, expect, it } from 'vitest';
import { byteSizeLoadFn } from '../train';
import { fixedSizePartitioner, minMaxVariablePartitioner, partsOf, variableAxisSizePartitioner } from './partitioners';

describe('a partitioner', () => {
  it('of a fixed size divides into so many parts, or as many as there are rows', () => {
    expect(fixedSizePartitioner(3)([10, 4], 'float32')).toEqual([3, 1]);
    expect(fixedSizePartitioner(3, 1)([10, 4], 'float32')).toEqual([1, 3]);
    expect(fixedSizePartitioner(30, { axis: 1 })([10, 4], 'float32')).toEqual([1, 4]);
  });

  it('by the size of a part does what Python does', () => {
    const partitions = (...given: Parameters<typeof variableAxisSizePartitioner>) =>
      variableAxisSizePartitioner(...given)([100, 8], 'float32');
    expect(partitions(320)).toEqual([10, 1]);
    expect(partitions(1)).toEqual([100, 1]);
    expect(partitions(1, { maxShards: 7 })).toEqual([7, 1]);
    expect(partitions(1601, { axis: 1 })).toEqual([1, 2]);
    expect(variableAxisSizePartitioner(100, { bytesPerStringElement: 8 })([100], 'string')).toEqual([9]);
  });

  it('by the least size of a part does what Python does', () => {
    expect(minMaxVariablePartitioner(100)([1024, 1024], 'float32')).toEqual([16, 1]);
    expect(minMaxVariablePartitioner(10)([1024, 1024], 'float64')).toEqual([10, 1]);
    expect(minMaxVariablePartitioner()([1024, 1024], 'float32')).toEqual([1, 1]);
    expect(minMaxVariablePartitioner(100, { axis: 1, minSliceSize: 4 })([2, 3], 'float32')).toEqual([1, 3]);
    expect(minMaxVariablePartitioner(9, { bytesPerStringElement: 2 ** 18 })([5], 'string')).toEqual([5]);
  });

  it.each([
    ['float16', 2],
    ['complex64', 8],
    ['complex128', 16],
    ['qint8', 1],
    ['qint32', 4],
  ] as const)('counts the bytes of %s, which JavaScript holds none of', (dtype, bytes) => {
    expect(variableAxisSizePartitioner(10 * bytes)([100], dtype)).toEqual([10]);
    expect(minMaxVariablePartitioner(9, { minSliceSize: 25 * bytes })([100], dtype)).toEqual([4]);
    const attributes = { shape: [100], dtype };
    expect(byteSizeLoadFn({ name: 'x', type: 'VariableV2', inputs: [], attributes, device: '' })).toBe(100 * bytes);
  });

  it('has the first parts longer where the length is no multiple', () => {
    const { axis, parts } = partsOf(fixedSizePartitioner(3, 1), [2, 8], 'float32');
    expect(axis).toBe(1);
    expect(parts).toEqual([
      { offset: [0, 0], shape: [2, 3] },
      { offset: [0, 3], shape: [2, 3] },
      { offset: [0, 6], shape: [2, 2] },
    ]);
  });

  it('refuses what it can not divide, or by', () => {
    expect(() => fixedSizePartitioner(0)).toThrow('numShards is a whole number from 1 on, not 0');
    expect(() => fixedSizePartitioner(2, 2)([10, 4], 'float32')).toThrow(
      "a variable of shape [10,4] can't be divided along dimension 2",
    );
    expect(() => variableAxisSizePartitioner(0)).toThrow('maxShardBytes');
    expect(() => minMaxVariablePartitioner(2, { minSliceSize: -1 })).toThrow('minSliceSize');
    for (const partitions of [[2, 2], [3], [0, 1], [1.5, 1], [11, 1], 3, null])
      expect(() => partsOf(() => partitions as number[], [10, 4], 'float32')).toThrow(
        'a partitioner gives a number of parts for each dimension of [10,4], at most one of them above 1',
      );
  });
});
