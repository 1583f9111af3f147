import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { Example, type MessageInit } from '../protos';
import { DataLossError, InvalidArgumentError } from '../runtime/errors';
import { HostArray, toHostArray } from '../runtime/hostArray';
import { RecordBuffer } from '../runtime/records';
import { DataSet } from './dataSet';
import { type ExampleFeature, readExamples, writeExamples } from './examples';

const folder = mkdtempSync(path.join(tmpdir(), 'examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'x.tfrecord');

type Features = NonNullable<NonNullable<MessageInit<Example>['features']>['feature']>;

/** A file of examples with these features. */
function fileOf(...examples: Features[]): Uint8Array {
  const records = new RecordBuffer();
  for (const feature of examples) records.add(Example.encode({ features: { feature } }));
  return records.bytes.slice(0, records.length);
}

const floats = (...value: number[]) => ({ floatList: { value } });
const integers = (...value: (number | bigint)[]) => ({ int64List: { value } });

/** The error of reading, without the folder's name. */
const errorOf = async (features: Record<string, ExampleFeature>, contents?: Uint8Array) => {
  if (contents) writeFileSync(file, contents);
  const error = await readExamples(file, features).then(
    () => new Error('none'),
    (error: Error) => error,
  );
  return { name: error.constructor, message: error.message.replace(folder + path.sep, '') };
};
const damaged = (message: string) => ({ name: DataLossError, message });
const wrong = (message: string) => ({ name: InvalidArgumentError, message });

/** Columns of every dtype that examples hold. */
const everything = {
  float: toHostArray([
    [0.5, -1e30],
    [0, 3],
  ]),
  text: toHostArray([
    ['a', ''],
    ['ü', 'b'],
  ]),
  int64: toHostArray([2n ** 62n + 1n, -(2n ** 63n)]),
  uint64: toHostArray(BigUint64Array.of(2n ** 63n - 1n, 0n)),
  int32: toHostArray(Int32Array.of(-(2 ** 31), 5)),
  int16: toHostArray(Int16Array.of(-5, 5)),
  byte: toHostArray(Uint8Array.of(255, 0)),
  picture: new HostArray('uint8', [2, 2, 2], Uint8Array.of(1, 2, 3, 4, 255, 254, 253, 0)),
  flag: toHostArray([[true], [false]]),
  nothing: new HostArray('float32', [2, 0], new Float32Array()),
};

describe('examples', () => {
  it.each([undefined, 'GZIP', 'ZLIB'] as const)(
    'come back as they were written, of every dtype (%s)',
    async (compression) => {
      await writeExamples(file, everything, compression ? { compression } : {});
      const columns = await readExamples(file, {
        float: { dtype: 'float32', shape: [2] },
        text: { dtype: 'string', shape: [2] },
        int64: 'int64',
        uint64: 'uint64',
        int32: 'int32',
        int16: 'int16',
        byte: 'uint8',
        picture: { dtype: 'uint8', shape: [2, 2] },
        flag: { dtype: 'bool', shape: [1] },
        nothing: { dtype: 'float32', shape: [0], ifMissing: 0 },
      });
      expectTypeOf(columns.picture).toEqualTypeOf<HostArray<'uint8'>>();
      expectTypeOf(columns.int64).toEqualTypeOf<HostArray<'int64'>>();
      expect(columns).toEqual(everything);
      expect(readdirSync(folder)).toEqual(['x.tfrecord']); // and nothing beside it
    },
  );

  it('come from sets, in their order, and from several files, one after the other', async () => {
    const set = new DataSet({
      number: Int32Array.from({ length: 5000 }, (_, i) => i),
      wide: new HostArray('float32', [5000, 100], new Float32Array(500_000)),
    });
    await writeExamples(file, set); // more than one piece
    const other = path.join(folder, 'images.tfrecord');
    await writeExamples(
      other,
      new DataSet(new HostArray('uint8', [2, 2, 2], new Uint8Array(8)), toHostArray([7, 8], 'int32')),
    );
    const { number } = await readExamples([file, file], { number: 'int32' });
    expect(number.data).toEqual(Int32Array.from({ length: 10_000 }, (_, i) => i % 5000));
    const { images, labels } = await readExamples(other, { images: { dtype: 'float32', shape: [4] }, labels: 'int32' });
    expect([images.shape, [...labels.data]]).toEqual([
      [2, 4],
      [7, 8],
    ]);
    await writeExamples(file, { x: toHostArray([]) });
    expect((await readExamples(file, { x: { dtype: 'float64', shape: [3] } })).x.shape).toEqual([0, 3]);
    rmSync(other);
  });

  it('say where a file is damaged or cut off', async () => {
    const sound = fileOf({ x: floats(1) }, { x: floats(2) }, { x: floats(3) });
    const size = sound.length / 3;
    expect(await errorOf({ x: 'float32' }, sound.subarray(0, 2 * size + 20))).toEqual(
      damaged(`x.tfrecord: record 2, at byte ${2 * size}: the record is cut off after 20 of its ${size} bytes`),
    );
    expect(await errorOf({ x: 'float32' }, sound.subarray(0, 5))).toEqual(
      damaged('x.tfrecord: record 0, at byte 0: the record is cut off after 5 of the 12 bytes of its header'),
    );
    for (let at = 0; at < sound.length; at++) {
      const record = Math.floor(at / size);
      const contents = sound.slice();
      contents[at]! ^= 0x10;
      const { name, message } = await errorOf({ x: 'float32' }, contents);
      expect(name).toBe(DataLossError);
      expect(message).toContain(`x.tfrecord: record ${record}, at byte ${record * size}: the record is corrupt: `);
    }
    for (const packed of [gzipSync(sound), deflateSync(sound)])
      expect((await errorOf({ x: 'float32' }, packed.subarray(0, packed.length - 9))).message).toContain(
        'expected a whole packed file, found a damaged one',
      );
    expect((await errorOf({ x: 'float32' }, Buffer.from('a,b\n1,2\n3,4\n5,6\n'))).message).toBe(
      'x.tfrecord: record 0, at byte 0: the record is corrupt: the checksum of its length is wrong',
    );
    const noExample = new RecordBuffer();
    noExample.add(Buffer.from('hello'));
    expect((await errorOf({ x: 'float32' }, noExample.bytes.slice(0, noExample.length))).message).toContain(
      'x.tfrecord: record 0, at byte 0: cannot decode Example',
    );
  });

  it('say which record lacks a feature, or has another kind or number of values', async () => {
    const contents = fileOf(
      { x: floats(1), n: integers(3) },
      { x: floats(2, 3), n: integers(300), text: { bytesList: { value: ['ab', 'c'] } } },
    );
    writeFileSync(file, contents);
    const second = `x.tfrecord: record 1, at byte ${sizeOfFirst(contents)}: feature`;
    expect(await errorOf({ x: 'float32' })).toEqual(wrong(`${second} x: expected 1 values, for shape [], got 2`));
    expect(await errorOf({ x: { dtype: 'float32', shape: [2] } })).toEqual(
      wrong('x.tfrecord: record 0, at byte 0: feature x: expected 2 values, for shape [2], got 1'),
    );
    expect(await errorOf({ n: 'uint8' })).toEqual(wrong(`${second} n: expected uint8, got 300`));
    expect(await errorOf({ n: 'bool' })).toEqual(
      wrong('x.tfrecord: record 0, at byte 0: feature n: expected bool, got 3'),
    );
    expect(await errorOf({ n: 'float32' })).toEqual(
      wrong('x.tfrecord: record 0, at byte 0: feature n: expected float values, for float32, got int64 ones'),
    );
    expect(await errorOf({ x: 'string' })).toEqual(
      wrong('x.tfrecord: record 0, at byte 0: feature x: expected bytes values, for string, got float ones'),
    );
    expect(await errorOf({ y: 'string' })).toEqual(
      wrong('x.tfrecord: record 0, at byte 0: feature y: the example has none; ifMissing says what to put there'),
    );
    expect(await errorOf({ text: { dtype: 'uint8', shape: [2], ifMissing: 0 } })).toEqual(
      wrong(`${second} text: expected one value of 2 bytes, for uint8 [2], got values of 2, 1`),
    );
    expect(await errorOf(Object.fromEntries([['constructor', 'string']]))).toMatchObject({
      name: InvalidArgumentError,
    });
  });

  it('say what is wrong with what is asked for or written', async () => {
    const told = (features: unknown) => readExamples(file, features as Record<string, ExampleFeature>);
    await expect(told({})).rejects.toThrow("expected features to read, such as { price: 'float32' }, got none");
    await expect(told({ x: 'float23' })).rejects.toThrow("feature x: no array holds elements of dtype 'float23'");
    await expect(told({ x: { dtype: 'int32', shap: [1] } })).rejects.toThrow("feature x: there is no option 'shap'");
    await expect(told({ x: { dtype: 'int32', ifMissing: 0.5 } })).rejects.toThrow(
      'feature x: expected a value of int32 for what is missing, got 0.5',
    );
    await expect(told({ x: { dtype: 'int32', shape: [-1] } })).rejects.toThrow(
      'feature x: a shape is made of whole numbers',
    );
    await expect(readExamples(path.join(folder, 'none'), { x: 'int32' })).rejects.toThrow('could not read');
    await expect(readExamples([], { x: 'int32' })).rejects.toThrow('expected files to read, got none');
    for (const none of [undefined, 5])
      await expect(readExamples(none as never, { x: 'int32' })).rejects.toThrow('files to read are an array');
    await expect(readExamples(folder, { x: 'int32' })).rejects.toThrow('could not read');

    await writeExamples(file, { x: toHostArray([1]) });
    const before = readFileSync(file);
    await expect(writeExamples(file, { x: toHostArray(new Float64Array(2)) })).rejects.toThrow(
      "column x: examples hold float32 and int64, not float64; tf.hostArray(column, 'float32') converts",
    );
    await expect(writeExamples(file, { x: toHostArray(BigUint64Array.of(1n, 2n ** 63n)) })).rejects.toThrow(
      "column x: example 1 has 9223372036854775808, which int64 doesn't hold",
    );
    const zip: object = { compression: 'ZIP' };
    await expect(writeExamples(file, { x: toHostArray([1]) }, zip)).rejects.toThrow(
      "option 'compression' is one of 'GZIP', 'ZLIB', not 'ZIP'",
    );
    await expect(writeExamples(file, {})).rejects.toThrow('expected columns');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['x.tfrecord']);
  });
});

/** How many bytes the first record of a file has. */
function sizeOfFirst(contents: Uint8Array): number {
  return 16 + new DataView(contents.buffer, contents.byteOffset).getUint32(0, true);
}
