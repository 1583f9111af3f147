/** What is written for TensorFlow.js. tests/tfjs has it run by TensorFlow.js itself. */
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/temporaryFolder';
import * as tf from '..';

const folder = temporaryFolder('tfjs-');

/** A graph of its own, with a session whose variables have values. */
async function built<T>(build: () => T): Promise<T & { session: tf.Session }> {
  const graph = new tf.Graph();
  const [parts, init] = graph.asDefault(() => [build(), tf.globalVariablesInitializer()] as const);
  const session = new tf.Session({ graph });
  await session.run(init);
  return { ...parts, session };
}

/** What `model.json` says. */
const written = () => JSON.parse(fs.readFileSync(path.join(folder(), 'model.json'), 'utf8'));
const typesOf = () => written().modelTopology.node.map(({ op }: { op: string }) => op);
const nodeOf = (name: string) =>
  written().modelTopology.node.find((node: { name: string }) => node.name === name) as Record<string, unknown>;

/** A product of an input and a variable. */
const product = (value: tf.ArrayLike = [[1, 2]]) => {
  const x = tf.placeholder('float32', [null, 1], { name: 'x' });
  const weights = new tf.Variable(value, { name: 'weights' });
  return { x, y: tf.matmul(x, weights as tf.Variable<'float32'>, { name: 'y' }) };
};

describe('the graph', () => {
  it('is that of JSON, with its constants among the weights', async () => {
    const { session, x, y } = await built(product);
    expect(await tf.tfjs.exportGraphModel(session, { y }, folder(), { inputs: { x } })).toBe(
      path.join(folder(), 'model.json'),
    );
    const { format, signature, modelTopology, weightsManifest } = written();
    expect(format).toBe('graph-model');
    const shape = (columns: string) => ({ dim: [{ size: '-1' }, { size: columns }] });
    expect(signature).toEqual({
      inputs: { x: { name: 'x:0', dtype: 'DT_FLOAT', tensorShape: shape('1') } },
      outputs: { y: { name: 'y:0', dtype: 'DT_FLOAT', tensorShape: shape('2') } },
      methodName: 'tensorflow/serving/predict',
    });
    expect(modelTopology.node).toEqual([
      { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: shape('1') } } },
      {
        name: 'weights',
        op: 'Const',
        attr: {
          dtype: { type: 'DT_FLOAT' },
          value: { tensor: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '1' }, { size: '2' }] } } },
        },
      },
      {
        name: 'y',
        op: 'MatMul',
        input: ['x', 'weights'],
        attr: { T: { type: 'DT_FLOAT' }, transpose_a: { b: false }, transpose_b: { b: false } },
      },
    ]);
    expect(weightsManifest).toEqual([
      { paths: ['group1-shard1of1.bin'], weights: [{ name: 'weights', shape: [1, 2], dtype: 'float32' }] },
    ]);
    const bytes = fs.readFileSync(path.join(folder(), 'group1-shard1of1.bin'));
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([1, 2, 8]);
  });

  it('has texts in base64, and whole numbers as texts', async () => {
    const { session, y } = await built(() => {
      const images = tf.placeholder('float32', [null, 4, 4, 1], { name: 'images' });
      return { y: tf.nn.maxPool(images, { ksize: 2, strides: 2, padding: 'SAME', name: 'y' }) };
    });
    await tf.tfjs.exportGraphModel(session, [y], folder());
    const { ksize, padding, explicit_paddings: none } = nodeOf('y').attr as Record<string, unknown>;
    expect({ ksize, padding, none }).toEqual({
      ksize: { list: { i: ['1', '2', '2', '1'] } },
      padding: { s: Buffer.from('SAME').toString('base64') },
      none: { list: {} },
    });
  });

  it('has no control inputs, and nothing that only hands on', async () => {
    const { session, y } = await built(() => {
      const x = tf.placeholder('float32', [2], { name: 'x' });
      const graph = tf.getDefaultGraph();
      const checked = graph.controlDependencies([tf.noOp()], () => tf.identity(tf.identity(x)));
      const [same] = graph.createOperation('CheckNumerics', [checked], { message: 'm' }).outputs;
      return { y: tf.identity(tf.square(tf.stopGradient(same!), { name: 'square' }), { name: 'y' }) };
    });
    await tf.tfjs.exportGraphModel(session, y, folder());
    expect(typesOf()).toEqual(['Placeholder', 'Square', 'Identity']);
    expect([nodeOf('square').input, nodeOf('y').input]).toEqual([['x'], ['square']]);
  });

  it('computes what depends on constants only, unless that is larger than what it is made of', async () => {
    const { session, y } = await built(() => {
      const x = tf.placeholder('float32', [null, 3], { name: 'x' });
      const factor = tf.sqrt(tf.add(new tf.Variable([3, 8, 15]), 1));
      const large = tf.fill([100_000, 3], 2);
      return { y: tf.concat([tf.mul(x, factor), large as tf.Tensor<'float32'>], 0, { name: 'y' }) };
    });
    await tf.tfjs.exportGraphModel(session, y, folder());
    expect(typesOf().filter((type: string) => type !== 'Const')).toEqual(['Placeholder', 'Fill', 'Mul', 'ConcatV2']);
  });

  it('has batch normalization in the weights before it', async () => {
    const { session, y } = await built(() => {
      const images = tf.placeholder('float32', [null, 4, 4, 2], { name: 'images' });
      const filter = new tf.Variable(tf.ones([3, 3, 2, 2]));
      const convolved = tf.nn.conv2d(images, filter, { strides: 1, padding: 'SAME' });
      type F = tf.Variable<'float32'>;
      const parts = [1, 2, 3, 4].map((value) => new tf.Variable([value, value + 1], { dtype: 'float32' }));
      const [mean, variance, offset, scale] = parts as [F, F, F, F];
      const normalized = tf.nn.batchNormalization(convolved, mean, variance, offset, scale, 0.001);
      return { y: tf.nn.relu(normalized as tf.Tensor<'float32'>) };
    });
    await tf.tfjs.exportGraphModel(session, { y }, folder());
    expect(typesOf().filter((type: string) => type !== 'Const')).toEqual(['Placeholder', 'Conv2D', 'BiasAdd', 'Relu']);
  });

  it('takes the placeholders that it needs where nothing is said, and no others', async () => {
    const { session, y } = await built(() => ({ ...product(), other: tf.placeholder('float32', []) }));
    await tf.tfjs.exportGraphModel(session, { y }, folder());
    expect(Object.keys(written().signature.inputs)).toEqual(['x']);
  });

  it('keeps an input that it does not need, which callers give all the same', async () => {
    const { session, x, y, keepProb } = await built(() => ({
      ...product(),
      keepProb: tf.placeholderWithDefault(1, [], { name: 'keep' }),
    }));
    await tf.tfjs.exportGraphModel(session, { y }, folder(), { inputs: { x, keepProb } });
    expect(written().signature.inputs.keepProb.name).toBe('keep:0');
    expect(nodeOf('keep').op).toBe('Placeholder');
  });
});

describe('weights', () => {
  it('are in files of 4 MB', async () => {
    const { session, y } = await built(() =>
      product(new tf.HostArray('float32', [1, 3_000_000], new Float32Array(3e6))),
    );
    await tf.tfjs.exportGraphModel(session, { y }, folder());
    const sizes = fs.readdirSync(folder()).map((name) => [name, fs.statSync(path.join(folder(), name)).size]);
    expect(sizes.slice(0, 3)).toEqual([
      ['group1-shard1of3.bin', 4 * 1024 * 1024],
      ['group1-shard2of3.bin', 4 * 1024 * 1024],
      ['group1-shard3of3.bin', 12_000_000 - 8 * 1024 * 1024],
    ]);
  });

  it.each(['uint8', 'uint16'] as const)('are quantized to %s, in which 0 is exact', async (quantization) => {
    const values = [-1, -0.3, 0, 0.25, 2];
    const { session, y } = await built(() => product([values]));
    await tf.tfjs.exportGraphModel(session, { y }, folder(), { quantization });
    const [{ quantization: said, dtype }] = written().weightsManifest[0].weights;
    expect({ dtype, said: said.dtype }).toEqual({ dtype: 'float32', said: quantization });
    const bytes = fs.readFileSync(path.join(folder(), 'group1-shard1of1.bin'));
    const numbers = quantization === 'uint8' ? [...bytes] : [...new Uint16Array(Uint8Array.from(bytes).buffer)];
    const restored = numbers.map((number) => number * said.scale + said.min);
    expect(restored[2]).toBeCloseTo(0, 12);
    for (const [i, value] of values.entries()) expect(Math.abs(restored[i]! - value)).toBeLessThanOrEqual(said.scale);
  });

  it('are of 16 bits where that is said, or where the network has them', async () => {
    const { session, y } = await built(() => {
      const at = tf.placeholder('int32', [], { name: 'at' });
      const half = new tf.Variable(tf.cast([0.5, -1.5], 'float16'));
      const others = tf.gather(new tf.Variable([1, 65504]), at);
      return { y: { half: tf.cast(tf.gather(half, at), 'float32'), others } };
    });
    await tf.tfjs.exportGraphModel(session, y, folder(), { quantization: 'float16' });
    const stored = Object.fromEntries(
      written().weightsManifest[0].weights.map(({ shape, ...entry }: { shape: number[] }) => [shape.join(), entry]),
    );
    expect(stored['2']).toMatchObject({ dtype: 'float32', quantization: { dtype: 'float16' } });
    const bytes = fs.readFileSync(path.join(folder(), 'group1-shard1of1.bin'));
    const halves = [0x3800, 0xbe00, 0x3c00, 0x7bff].map((bits) => Buffer.from(Uint16Array.of(bits).buffer));
    for (const half of halves) expect(bytes.includes(half)).toBe(true);
  });

  it('are whole numbers of 32 bits, texts and bits, too, and none is anything else', async () => {
    const { session, y, tooLarge } = await built(() => {
      const at = tf.placeholder('int32', [], { name: 'at' });
      const of = (value: tf.ArrayLike, dtype: 'int64' | 'string' | 'bool' | 'uint8') =>
        tf.gather(new tf.Variable(value, { dtype }), at);
      const y = {
        a: of([1n, -2n], 'int64'),
        b: of(['a', 'ü'], 'string'),
        c: of([true, false], 'bool'),
        d: of([7], 'uint8'),
      };
      return { y, tooLarge: of([2n ** 31n], 'int64') };
    });
    await tf.tfjs.exportGraphModel(session, y, folder(), { quantization: 'uint8' });
    const dtypes = written().weightsManifest[0].weights.flatMap((entry: { name: string; dtype: string }) =>
      entry.name.startsWith('Variable') ? [entry.dtype] : [],
    );
    expect(dtypes).toEqual(['int32', 'string', 'bool', 'int32']);
    await expect(tf.tfjs.exportGraphModel(session, tooLarge, folder(), { overwrite: true })).rejects.toThrow(
      'has 2147483648, and TensorFlow.js whole numbers of 32 bits only',
    );
  });
});

describe('refuses', () => {
  it('an operation that TensorFlow.js lacks, naming it, what takes it, and what there is like it', async () => {
    const { session, y } = await built(() => {
      const x = tf.placeholder('float32', [null, 3], { name: 'x' });
      return { y: tf.identity(tf.nn.softsign(x, { name: 'scope/softly' }), { name: 'y' }) };
    });
    await expect(tf.tfjs.exportGraphModel(session, y, folder())).rejects.toThrow(
      /^TensorFlow\.js can't run 'scope\/softly' \(Softsign\), which 'y' takes, \(it has .*Softmax.*\): choose outputs .* tf\.tfjs\.operations$/,
    );
    expect(fs.readdirSync(folder())).toEqual([]);
  });

  it('batch normalization as in training', async () => {
    const { session, y } = await built(() => {
      const images = tf.placeholder('float32', [null, 4, 4, 2]);
      return { y: tf.nn.fusedBatchNorm(images, tf.ones([2]), tf.zeros([2]), { name: 'bn' })[0] };
    });
    await expect(tf.tfjs.exportGraphModel(session, y, folder())).rejects.toThrow(
      /can't run 'bn' .* as in training, with the moments of the batch \(isTraining: false is for answers\)/,
    );
  });

  it('inputs that are not enough, and says which is missing', async () => {
    const { session, y } = await built(product);
    await expect(tf.tfjs.exportGraphModel(session, { y }, folder(), { inputs: {} })).rejects.toThrow(
      "the outputs need 'x', which the inputs don't have: give it too, or choose other outputs",
    );
  });

  it('a folder with something in it, and replaces only a network that is to be replaced', async () => {
    const { session, y } = await built(product);
    const dir = path.join(folder(), 'model');
    await tf.tfjs.exportGraphModel(session, { y }, dir);
    const before = fs.readdirSync(dir);
    await expect(tf.tfjs.exportGraphModel(session, { y }, dir)).rejects.toThrow(
      `${dir} has group1-shard1of1.bin in it: choose another folder, or overwrite it`,
    );
    await tf.tfjs.exportGraphModel(session, { y }, dir, { overwrite: true });
    expect(fs.readdirSync(dir)).toEqual(before);
    fs.writeFileSync(path.join(dir, 'thesis.txt'), 'mine');
    await expect(tf.tfjs.exportGraphModel(session, { y }, dir, { overwrite: true })).rejects.toThrow(
      `${dir} has thesis.txt in it: choose another folder`,
    );
    expect(fs.readdirSync(folder())).toEqual(['model']);
  });

  it.each([
    ['no outputs', (y: tf.Tensor) => [{}, {}, y], 'a network gives something, and there are no outputs'],
    [
      'a quantization that there is not',
      (y: tf.Tensor) => [y, { quantization: 'int4' }],
      "option 'quantization' is one of 'float16', 'uint8', 'uint16', not 'int4'",
    ],
    ['outputs that are none', () => ['y', {}], 'what the network gives is'],
    ['an option that there is not', (y: tf.Tensor) => [y, { quantisation: 'uint8' }], "did you mean 'quantization'?"],
  ] as const)('%s', async (_, given, message) => {
    const { session, y } = await built(product);
    const [outputs, options] = given(y) as unknown as [{ y: tf.Tensor }, object];
    await expect(tf.tfjs.exportGraphModel(session, outputs, folder(), options)).rejects.toThrow(message);
  });

  it('numbers that 8 bits have nothing for', async () => {
    const { session, y } = await built(() => product([[Number.NaN, 1]]));
    await expect(tf.tfjs.exportGraphModel(session, { y }, folder(), { quantization: 'uint8' })).rejects.toThrow(
      "the weight 'weights' has numbers that are infinite or none, for which uint8 has nothing",
    );
  });
});
