/** TFRecord files of examples, from Python's TensorFlow (made by make.py beside this file) and to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { data, tf } from '../../lib/src';
import { pythonWith, runPython, skipped } from '../tensorboard/python';

const at = (name: string) => path.join(__dirname, name);
const folder = mkdtempSync(path.join(tmpdir(), 'records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a TFRecord file of Python’s', () => {
  it.each(['python.tfrecord', 'python.tfrecord.gz', 'python.tfrecord.zlib'])('is read: %s', async (name) => {
    const { size, id, counts, species, picture, weight, bytes } = await data.readExamples(
      [at(name), at('python.tfrecord')],
      {
        size: { dtype: 'float32', shape: [2] },
        id: 'int64',
        counts: { dtype: 'int32', shape: [2, 2] },
        species: 'string',
        picture: { dtype: 'uint8', shape: [2, 2] },
        weight: { dtype: 'float32', ifMissing: -1 },
        bytes: { dtype: 'string', shape: [1], ifMissing: 'none' },
      },
    );
    expect(size.shape).toEqual([6, 2]);
    expect([...size.data.subarray(0, 6)]).toEqual([5.1, 3.5, -1e-3, 6.5e30, 0, 1].map(Math.fround));
    expect([...id.data.subarray(0, 3)]).toEqual([2n ** 62n + 1n, -(2n ** 63n), 7n]);
    expect([...id.data.subarray(3)]).toEqual([...id.data.subarray(0, 3)]);
    expect([counts.shape, counts.at(0, 0, 1), counts.at(0, 1, 1)]).toEqual([[6, 2, 2], -2, 2 ** 31 - 1]);
    expect(species.data.slice(0, 3)).toEqual([Buffer.from('sétosa'), Buffer.alloc(0), Buffer.of(255, 0)]);
    expect([...picture.data.subarray(0, 8)]).toEqual([0, 127, 255, 1, 9, 8, 7, 6]);
    expect([...weight.data.subarray(0, 3)]).toEqual([-1, 0.5, -1]);
    expect(bytes.data.map(String)).toEqual(Array(6).fill('none'));
  });
});

const python = pythonWith('tensorflow');

describe.skipIf(!python)(python ? 'a TFRecord file of ours' : skipped('tensorflow'), () => {
  it.each(['', 'GZIP', 'ZLIB'] as const)(
    'is read by Python: compression %j',
    { timeout: 150_000 },
    async (compression) => {
      const columns = {
        size: tf.hostArray([
          [5.1, 3.5],
          [-1e-3, 6.5e30],
        ]),
        id: tf.hostArray([2n ** 53n + 1n, -5n]),
        isBig: tf.hostArray([true, false]),
        species: tf.hostArray(['sétosa', '']),
        pixels: tf.hostArray(
          [
            [1, 255],
            [0, 7],
          ],
          'uint8',
        ),
      };
      const file = path.join(folder, `ours${compression}`);
      await data.writeExamples(file, columns, compression === '' ? {} : { compression });
      const found = await runPython<Record<string, unknown>>(python!, at('read.py'), file, compression);
      expect(found).toEqual({
        size: [
          [5.1, 3.5],
          [-1e-3, 6.5e30],
        ].map((row) => row.map(Math.fround)),
        // JSON.parse rounds it, as it does here.
        id: [Number(2n ** 53n + 1n), -5],
        isBig: [1, 0],
        species: ['sétosa', ''],
        pixels: [
          [1, 255],
          [0, 7],
        ],
      });
    },
  );
});
