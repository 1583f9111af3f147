/** Networks that are exported to TensorFlow.js, of every kind that the export makes something else of. */
import { mnist, tf } from '../../lib/src';

/** A network, and what it is fed by the names of its inputs. */
export interface Built {
  readonly inputs: tf.savedModel.NamedTensors;
  readonly outputs: tf.savedModel.NamedTensors;
  readonly feeds: Readonly<Record<string, tf.HostArray>>;
  /** What gives in the session what the outputs give in TensorFlow.js, where those are random or need more. */
  readonly answers?: tf.savedModel.NamedTensors;
}

/** Numbers between -1 and 1, the same ones each time. */
export function numbers(shape: readonly number[], from = 1): tf.HostArray<'float32'> {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(from + i * 12.9898) * 0.97;
  return new tf.HostArray('float32', [...shape], data);
}

const weight = (shape: readonly number[], from: number) =>
  new tf.Variable(numbers(shape, from), { useResource: from % 2 === 0 });
const positive = (size: number, from: number) =>
  new tf.Variable(
    new tf.HostArray(
      'float32',
      [size],
      numbers([size], from).data.map((x) => 1.2 + x),
    ),
  );

function images(batch: number, channels = 3) {
  const input = tf.placeholder('float32', [null, 8, 8, channels], { name: 'images' });
  return { input, inputs: { images: input }, feeds: { images: numbers([batch, 8, 8, channels]) } };
}

function digits(batch: number, infer: (images: tf.Tensor<'float32', 'array'>) => tf.Tensor): Built {
  const input = tf.placeholder('float32', [null, 784], { name: 'images' });
  return { inputs: { images: input }, outputs: { logits: infer(input) }, feeds: { images: numbers([batch, 784]) } };
}

const convnet = (downsampling: 'pooling' | 'strides') =>
  digits(3, (input) => {
    const keepProb = tf.placeholderWithDefault(1, [], { name: 'keep_prob' });
    return mnist.convnet.inference(input, keepProb, { downsampling });
  });

/** Batch normalization by TensorFlow's own operation. */
function fused(x: tf.Tensor<'float32'>, channels: number, from: number): tf.Tensor<'float32'> {
  const [scale, offset] = [positive(channels, from), weight([channels], from + 1)];
  const moments = { mean: weight([channels], from + 2), variance: positive(channels, from + 3) };
  const [normalized] = tf.nn.fusedBatchNorm(x, scale, offset, { ...moments, isTraining: false });
  return normalized;
}

/** The same of simpler operations. */
const normalized = (x: tf.Tensor<'float32'>, channels: number, from: number) =>
  tf.nn.batchNormalization(
    x,
    weight([channels], from),
    positive(channels, from + 1),
    weight([channels], from + 2),
    positive(channels, from + 3),
    1e-3,
  ) as tf.Tensor<'float32'>;

const conv = (x: tf.Tensor, shape: readonly number[], from: number) =>
  tf.nn.conv2d(x, weight(shape, from), { strides: 1, padding: 'SAME' }) as tf.Tensor<'float32'>;

const depthwise = (x: tf.Tensor, shape: readonly number[], from: number) =>
  tf.nn.depthwiseConv2d(x, weight(shape, from), { strides: 1, padding: 'SAME' }) as tf.Tensor<'float32'>;

/** A choice by `Switch` and `Merge`, as `tf.cond` of TensorFlow 1 makes them. */
function cond(decision: tf.Tensor, x: tf.Tensor, yes: (x: tf.Tensor) => tf.Tensor, no: (x: tf.Tensor) => tf.Tensor) {
  const { graph } = x;
  const [ifNot, ifSo] = graph.createOperation('Switch', [x, decision]).outputs as [tf.Tensor, tf.Tensor];
  return graph.createOperation('Merge', [[no(ifNot), yes(ifSo)]]).outputs[0]!;
}

/** x doubled three times, by a loop as TensorFlow 1 makes them. */
const LOOP = `
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }
node { name: "zero" op: "Const" attr { key: "dtype" value { type: DT_INT32 } } attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 0 } } } }
node { name: "i/enter" op: "Enter" input: "zero" attr { key: "T" value { type: DT_INT32 } } attr { key: "frame_name" value { s: "loop" } } }
node { name: "x/enter" op: "Enter" input: "x" attr { key: "T" value { type: DT_FLOAT } } attr { key: "frame_name" value { s: "loop" } } }
node { name: "i/merge" op: "Merge" input: "i/enter" input: "i/next" attr { key: "T" value { type: DT_INT32 } } attr { key: "N" value { i: 2 } } }
node { name: "x/merge" op: "Merge" input: "x/enter" input: "x/next" attr { key: "T" value { type: DT_FLOAT } } attr { key: "N" value { i: 2 } } }
node { name: "three" op: "Const" input: "^i/merge" attr { key: "dtype" value { type: DT_INT32 } } attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 3 } } } }
node { name: "less" op: "Less" input: "i/merge" input: "three" attr { key: "T" value { type: DT_INT32 } } }
node { name: "cond" op: "LoopCond" input: "less" }
node { name: "i/switch" op: "Switch" input: "i/merge" input: "cond" attr { key: "T" value { type: DT_INT32 } } }
node { name: "x/switch" op: "Switch" input: "x/merge" input: "cond" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "i/body" op: "Identity" input: "i/switch:1" attr { key: "T" value { type: DT_INT32 } } }
node { name: "one" op: "Const" input: "^i/body" attr { key: "dtype" value { type: DT_INT32 } } attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 1 } } } }
node { name: "i/add" op: "AddV2" input: "i/body" input: "one" attr { key: "T" value { type: DT_INT32 } } }
node { name: "x/body" op: "Identity" input: "x/switch:1" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "x/twice" op: "AddV2" input: "x/body" input: "x/body" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "i/next" op: "NextIteration" input: "i/add" attr { key: "T" value { type: DT_INT32 } } }
node { name: "x/next" op: "NextIteration" input: "x/twice" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "x/exit" op: "Exit" input: "x/switch" attr { key: "T" value { type: DT_FLOAT } } }
`;

/** A layer as a function, which another one calls twice, as Python's TensorFlow 2 has them. */
const FUNCTIONS = `
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }
node { name: "call" op: "StatefulPartitionedCall" input: "x" attr { key: "Tin" value { list { type: DT_FLOAT } } }
  attr { key: "Tout" value { list { type: DT_FLOAT type: DT_FLOAT } } } attr { key: "f" value { func { name: "both" } } } }
node { name: "call/one" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { } float_val: 1 } } } }
node { name: "more" op: "AddV2" input: "call:1" input: "call/one" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "y" op: "Identity" input: "more" attr { key: "T" value { type: DT_FLOAT } } }
library {
  function {
    signature { name: "layer" input_arg { name: "x" type: DT_FLOAT } output_arg { name: "left" type: DT_FLOAT } output_arg { name: "right" type: DT_FLOAT } }
    node_def { name: "axis" op: "Const" attr { key: "dtype" value { type: DT_INT32 } } attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 1 } } } }
    node_def { name: "parts" op: "Split" input: "axis:output:0" input: "x" attr { key: "T" value { type: DT_FLOAT } } attr { key: "num_split" value { i: 2 } } }
    node_def { name: "square" op: "Square" input: "parts:output:1" input: "^axis" attr { key: "T" value { type: DT_FLOAT } } }
    ret { key: "left" value: "parts:output:0" }
    ret { key: "right" value: "square:y:0" }
  }
  function {
    signature { name: "both" input_arg { name: "x" type: DT_FLOAT } output_arg { name: "first" type: DT_FLOAT } output_arg { name: "sum" type: DT_FLOAT } }
    node_def { name: "one" op: "PartitionedCall" input: "x" attr { key: "Tin" value { list { type: DT_FLOAT } } }
      attr { key: "Tout" value { list { type: DT_FLOAT type: DT_FLOAT } } } attr { key: "f" value { func { name: "layer" } } } }
    node_def { name: "two" op: "layer" input: "one:output:1" }
    node_def { name: "sum" op: "AddV2" input: "two:left:0" input: "two:right:0" attr { key: "T" value { type: DT_FLOAT } } }
    ret { key: "first" value: "one:output:0" }
    ret { key: "sum" value: "sum:z:0" }
  }
}
`;

/** A function whose convolution says nothing that goes without saying. */
const TERSE = `
node { name: "images" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } dim { size: 4 } dim { size: 1 } } } } }
node { name: "call" op: "PartitionedCall" input: "images" attr { key: "Tin" value { list { type: DT_FLOAT } } }
  attr { key: "Tout" value { list { type: DT_FLOAT } } } attr { key: "f" value { func { name: "convolved" } } } }
library {
  function {
    signature { name: "convolved" input_arg { name: "x" type: DT_FLOAT } output_arg { name: "y" type: DT_FLOAT } }
    node_def { name: "filter" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
      attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 2 } dim { size: 1 } dim { size: 1 } } float_val: 3 } } } }
    node_def { name: "conv" op: "Conv2D" input: "x" input: "filter:output:0" attr { key: "T" value { type: DT_FLOAT } }
      attr { key: "strides" value { list { i: [1, 1, 1, 1] } } } attr { key: "padding" value { s: "SAME" } } }
    ret { key: "y" value: "conv:output:0" }
  }
}
`;

/** What builds them, in the default graph, by what they are. */
export const networks: Readonly<Record<string, () => Built>> = {
  'the fully connected network': () => digits(3, (input) => mnist.inference(input, 128, 32)),
  'the convolutional network': () => convnet('pooling'),
  'the convolutional network with strides': () => convnet('strides'),
  'convolutions with batch normalization': () => {
    const { input, inputs, feeds } = images(2);
    const hidden = tf.nn.relu(fused(conv(input, [3, 3, 3, 6], 1), 6, 2));
    const moved = tf.nn.biasAdd(depthwise(hidden, [3, 3, 6, 2], 5), weight([12], 6)) as tf.Tensor<'float32'>;
    const second = tf.nn.relu6(normalized(moved, 12, 7));
    const twice = fused(normalized(conv(second, [1, 1, 12, 4], 9), 4, 10), 4, 11);
    return { inputs, outputs: { normalized: twice }, feeds };
  },
  'products with batch normalization': () => {
    const x = tf.placeholder('float32', [null, 5], { name: 'x' });
    const hidden = tf.nn.relu(normalized(tf.matmul(x, weight([5, 7], 1)), 7, 2));
    const transposed = tf.matmul(hidden, weight([3, 7], 3), { transposeB: true });
    const y = tf.sub(0.5, tf.div(tf.add(normalized(transposed, 3, 4), weight([1, 3], 5)), 4));
    return { inputs: { x }, outputs: { y }, feeds: { x: numbers([4, 5]) } };
  },
  'batch normalization that has no weights before it': () => {
    const { input, inputs, feeds } = images(2);
    const first = tf.nn.relu(fused(input, 3, 1));
    const convolved = conv(first, [3, 3, 3, 4], 2);
    const both = tf.add(fused(convolved, 4, 3), tf.sigmoid(convolved)); // taken by two
    return { inputs, outputs: { both }, feeds };
  },
  'dropout of every kind': () => {
    const x = tf.placeholder('float32', [null, 6], { name: 'x' });
    const keepProb = tf.placeholder('float32', [], { name: 'keep_prob' });
    const weights = [1, 2, 3].map((from) => weight([6, 6], from));
    const layers = [
      (hidden: tf.Tensor<'float32'>) => tf.nn.dropout(hidden, keepProb, { seed: 1 }),
      (hidden: tf.Tensor<'float32'>) => tf.nn.dropout(hidden, 0.5, { noiseShape: [1, 6], seed: 2 }),
      // As TensorFlow 1.15 makes it.
      (hidden: tf.Tensor<'float32'>) => {
        const mask = tf.greaterEqual(tf.randomUniform(tf.shape(hidden), { seed: 3 }), 0.5);
        return tf.mul(tf.mul(hidden, 2), tf.cast(mask, 'float32')) as tf.Tensor<'float32'>;
      },
    ];
    const network = (hasDropout: boolean) =>
      layers.reduce<tf.Tensor<'float32'>>((hidden, layer, i) => {
        const product = tf.matmul(hidden, weights[i]!);
        return hasDropout ? layer(product) : product;
      }, x);
    return {
      inputs: { x },
      outputs: { y: network(true) },
      answers: { y: network(false) },
      feeds: { x: numbers([3, 6]) },
    };
  },
  'a branch that is decided': () => {
    const { input, inputs, feeds } = images(2);
    const isTraining = tf.placeholderWithDefault(false, [], { name: 'is_training' });
    const convolved = conv(input, [3, 3, 3, 4], 1);
    const chosen = cond(
      isTraining,
      convolved,
      (x) => tf.sub(x as tf.Tensor<'float32'>, 3),
      (x) => normalized(x as tf.Tensor<'float32'>, 4, 2),
    );
    return { inputs, outputs: { chosen: tf.nn.elu(chosen as tf.Tensor<'float32'>) }, feeds };
  },
  'a loop': () => {
    const graph = tf.getDefaultGraph();
    graph.importGraphDef(LOOP, { name: '' });
    const [x, exit] = ['x:0', 'x/exit:0'].map((name) => graph.getTensorByName(name)) as [tf.Tensor, tf.Tensor];
    return { inputs: { x }, outputs: { y: tf.identity(exit) }, feeds: { x: numbers([2, 4]) } };
  },
  'functions that call each other': () => {
    const graph = tf.getDefaultGraph();
    graph.importGraphDef(FUNCTIONS, { name: '' });
    const [x, first, y] = ['x:0', 'call:0', 'y:0'].map((name) => graph.getTensorByName(name)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    return { inputs: { x }, outputs: { y, first }, feeds: { x: numbers([3, 4]) } };
  },
  'a function that says only what is needed': () => {
    const graph = tf.getDefaultGraph();
    graph.importGraphDef(TERSE, { name: '' });
    const [input, y] = ['images:0', 'call:0'].map((name) => graph.getTensorByName(name)) as [tf.Tensor, tf.Tensor];
    return { inputs: { images: input }, outputs: { y }, feeds: { images: numbers([2, 4, 4, 1]) } };
  },
  'embeddings of words': () => {
    const words = tf.placeholder('int64', [null, 3], { name: 'words' });
    const vectors = tf.nn.embeddingLookup(weight([10, 4], 1), words) as tf.Tensor<'float32'>;
    const mean = tf.reduceMean(vectors, { axis: [1] });
    const ids = new tf.HostArray('int64', [2, 3], BigInt64Array.from([0n, 9n, 3n, 4n, 4n, 1n]));
    return {
      inputs: { words },
      outputs: { mean: tf.matmul(mean as tf.Tensor<'float32', 'array'>, weight([4, 2], 2)) },
      feeds: { words: ids },
    };
  },
  'several outputs, of one operation and of none': () => {
    const x = tf.placeholder('float32', [null, 6], { name: 'scope/x' });
    const { values, indices } = tf.nn.topK(x, { k: 2 });
    const [left, right] = tf.split(x, 2, { axis: 1 }) as [tf.Tensor, tf.Tensor];
    const outputs = {
      values,
      best: indices,
      left,
      right,
      again: right,
      same: x,
      constant: tf.add(tf.constant([1, 2]), 1),
    };
    return { inputs: { 'the input': x }, outputs, feeds: { 'the input': numbers([3, 6]) } };
  },
  'what has learned nothing': () => {
    const x = tf.placeholder('float32', [null, 2], { name: 'x' });
    return { inputs: { x }, outputs: { y: tf.square(x) }, feeds: { x: numbers([2, 2]) } };
  },
  'an input in the middle': () => {
    const x = tf.placeholder('float32', [null, 6], { name: 'x' });
    const hidden = tf.tanh(x, { name: 'hidden' });
    return {
      inputs: { hidden },
      outputs: { y: tf.add(tf.mul(hidden, hidden), 1) },
      feeds: { hidden: numbers([2, 6]) },
    } as Built;
  },
  'images made larger and smaller': () => {
    const { input, inputs, feeds } = images(1);
    const larger = tf.nn.conv2dTranspose(input, weight([3, 3, 4, 3], 1), [1, 16, 16, 4], {
      strides: 2,
      padding: 'SAME',
    });
    const smaller = tf.nn.avgPool(larger, { ksize: 2, strides: 2, padding: 'VALID' });
    const padded = tf.pad(smaller, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const flat = tf.reshape(tf.transpose(padded, { perm: [0, 3, 1, 2] }), [-1, 400]);
    return { inputs, outputs: { log: tf.nn.logSoftmax(flat) }, feeds };
  },
};
