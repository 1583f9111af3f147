// In a process of its own: tfjs-node brings a libtensorflow of its own.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';

const require = createRequire(__filename);

/** tfjs-node, or undefined where its native addon could not be had: there the conversions have nothing to convert to. */
function load(): typeof import('@tensorflow/tfjs-node') | undefined {
  try {
    return require('@tensorflow/tfjs-node');
  } catch {
    return undefined;
  }
}

const tfjs = load();

describe.skipIf(tfjs === undefined)('with tfjs-node', () => {
  it.each([
    [
      'float32',
      [
        [1.5, 2],
        [3, 4],
      ],
    ],
    [
      'int32',
      [
        [1, -2],
        [3, 4],
      ],
    ],
    ['bool', [[true, false]]],
    ['string', ['a', 'bé']],
  ] as const)('%s tensors of tfjs can be fed', async (dtype, values) => {
    const graph = new tf.Graph();
    const { x, y } = graph.asDefault(() => {
      const x = tf.placeholder(dtype);
      return { x, y: tf.identity(x) };
    });
    const tensor = tfjs!.tensor(values as never, undefined, dtype);
    const fetched = (await new tf.Session({ graph }).run(y, [[x, tensor]])) as tf.HostArray;
    expect(fetched.shape).toEqual(tensor.shape);
    const back = fetched.toArray();
    expect(dtype === 'string' ? (back as Buffer[]).map(String) : back).toEqual(values);
  });

  it('of another dtype are refused like any other value', async () => {
    const graph = new tf.Graph();
    const x = graph.asDefault(() => tf.placeholder('int32', []));
    await expect(new tf.Session({ graph }).run(x, [[x, tfjs!.scalar(1.5)]])).rejects.toThrow(
      'expected int32, got an array of float32',
    );
  });

  it.each([
    ['float32', 'float32', [1.5, 2]],
    ['float64', 'float32', [1.5, 2]],
    ['int32', 'int32', [1, 2]],
    ['uint8', 'int32', [1, 255]],
    ['bool', 'bool', [true, false]],
  ] as const)('a host array of %s becomes a tensor of %s', (dtype, expected, values) => {
    const tensor = tf.hostArray([...values], dtype).toTensor();
    expect(tensor.dtype).toBe(expected);
    expect(tensor.shape).toEqual([2]);
    expect([...tensor.dataSync()]).toEqual(values.map(Number));
  });

  it('64-bit integers become int32, and strings strings', () => {
    expect([...tf.hostArray([1n, -2n]).toTensor().dataSync()]).toEqual([1, -2]);
    expect(tf.hostArray(['a', 'bé']).toTensor().dataSync<'string'>()).toEqual(['a', 'bé']);
  });
});

describe('without tfjs-node', () => {
  it('everything works but the conversion, which says how to get it', () => {
    const program = `
      const Module = require('node:module');
      const load = Module._load;
      Module._load = (request, ...rest) => {
        if (request === '@tensorflow/tfjs-node') throw new Error('the addon is missing\\nRequire stack: …');
        return load(request, ...rest);
      };
      const { tf } = require('tf-mechanics');
      console.log(new tf.Session().runSync(tf.square(tf.constant(3))));
      try { tf.hostArray([1]).toTensor(); } catch (error) { console.log(error.message); }
    `;
    const stdout = execFileSync(process.execPath, ['-e', program], {
      cwd: path.join(__dirname, '..', '..'),
      encoding: 'utf8',
    });
    const [nine, message] = stdout.split('\n');
    expect(nine).toBe('9');
    expect(message).toMatch(
      /^conversion to a tfjs tensor needs .* \(the addon is missing\)\. Install a C\+\+ compiler/,
    );
  });
});
