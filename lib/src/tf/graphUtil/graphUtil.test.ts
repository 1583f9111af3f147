/** GraphDefs for those who only want answers. tests/golden/frozen.test.ts has them beside Python's. */
import { describe, expect, it } from 'vitest';
import * as mnist from '../../mnist';
import { GraphDef } from '../../protos';
import * as tf from '..';

const nodesOf = (bytes: Uint8Array) => GraphDef.decode(bytes).node.map(({ name }) => name);
const typesOf = (bytes: Uint8Array) => new Set(GraphDef.decode(bytes).node.map(({ op }) => op));

/** A graph of its own, with a session whose variables have values. */
async function built<T>(build: () => T): Promise<T & { graph: tf.Graph; session: tf.Session }> {
  const graph = new tf.Graph();
  const [parts, init] = graph.asDefault(() => [build(), tf.globalVariablesInitializer()] as const);
  const session = new tf.Session({ graph });
  await session.run(init);
  return { ...parts, graph, session };
}

/** The values of a tensor of a GraphDef, computed in a graph of its own. */
async function answer(graphDef: Uint8Array, output: string, feeds: Record<string, tf.ArrayLike> = {}) {
  const graph = new tf.Graph();
  graph.importGraphDef(graphDef, { name: '' });
  await using session = new tf.Session({ graph });
  const given = Object.entries(feeds).map(([name, value]) => [graph.getTensorByName(name), value] as const);
  return await session.run(graph.getTensorByName(output), given); // before the session is closed
}

describe('a frozen network', () => {
  it('gives the logits of the convolutional network to the bit, without what trained it', async () => {
    const { graph, session, images, logits } = await built(() => {
      const [images, labels, keepProb] = mnist.convnet.placeholderInputs(null);
      const logits = mnist.convnet.inference(images, keepProb);
      mnist.convnet.training(mnist.convnet.loss(logits, labels));
      return { images, logits };
    });
    const values = Float32Array.from({ length: 3 * 784 }, (_, i) => (i % 17) / 17);
    const pixels = new tf.HostArray('float32', [3, 784], values);
    const expected = await session.run(logits, [[images, pixels]]);
    const frozen = await tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [logits]);
    expect(await answer(frozen, logits.name, { [images.name]: pixels })).toEqual(expected);
    expect(nodesOf(frozen).filter((name) => /grad|ApplyGradient/i.test(name))).toEqual([]);
    expect([...typesOf(frozen)].filter((type) => /Variable|Assign/.test(type))).toEqual([]);
  });

  it.each([
    ['int32', [1, -2]],
    ['int64', [1n, -2n]],
    ['bool', [true, false]],
    ['string', ['a', 'ü']],
    ['float64', [0.1, -1e300]],
    ['float32', 7],
    ['uint8', [[1], [255]]],
  ] as const)('has variables of dtype %s as constants, whichever kind they are', async (dtype, value) => {
    for (const useResource of [false, true]) {
      const { graph, session, output } = await built(() => {
        const variable = new tf.Variable(value as tf.ArrayLike, { dtype, useResource, name: 'v' });
        return { output: tf.identity(variable.value(), { name: 'out' }) };
      });
      const frozen = await tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [output]);
      expect(await answer(frozen, 'out:0')).toEqual(await session.run(output));
    }
  });

  it('keeps the variables that are not to be converted, and converts only those that are', async () => {
    const { graph, session, output } = await built(() => {
      const [a, b] = ['a', 'b'].map((name) => new tf.Variable([1, 2], { name, useResource: true }));
      return { output: tf.add(a!, b!, { name: 'sum' }) };
    });
    const freeze = (options: tf.graphUtil.ConvertVariablesOptions) =>
      tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [output], options);
    for (const options of [{ variableNamesBlacklist: ['a'] }, { variableNamesWhitelist: ['b'] }]) {
      const types = GraphDef.decode(await freeze(options)).node.flatMap(({ name, op }) =>
        /^[ab]$/.test(name) ? [op] : [],
      );
      expect(types).toEqual(['VarHandleOp', 'Const']);
    }
  });

  it.each([false, true])(
    'has no output that writes a variable (useResource: %s): the operation is named',
    async (useResource) => {
      const { graph, session, written } = await built(() => {
        const v = new tf.Variable(1, { name: 'v', useResource });
        return { written: v.assignAdd(1) };
      });
      await expect(tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [written])).rejects.toThrow(
        /^'[^']+' \(Assign\w+\) needs the variable 'v' itself, not only its value: choose outputs/,
      );
    },
  );

  it('is refused where a variable is written before it is read: its value would be another', async () => {
    const { graph, session, output } = await built(() => {
      const v = new tf.Variable(1, { name: 'v', useResource: true });
      const output = tf.controlDependencies([v.assignAdd(1)], () => tf.identity(v.value(), { name: 'out' }));
      return { output };
    });
    const frozen = tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [output]);
    await expect(frozen).rejects.toThrow("needs the variable 'v' itself");
  });

  it('is refused where a variable has no value, or the GraphDef no such node: nothing else happens', async () => {
    const graph = new tf.Graph();
    const v = graph.asDefault(() => new tf.Variable(1, { name: 'weights' }));
    const session = new tf.Session({ graph });
    const freeze = (outputs: Iterable<tf.graphUtil.NodeName>) =>
      tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), outputs);
    await expect(freeze([v.value()])).rejects.toThrow(tf.errors.FailedPreconditionError);
    await expect(freeze(['weihgts'])).rejects.toThrow("the GraphDef has no node 'weihgts'; did you mean 'weights'?");
    await expect(freeze('weights')).rejects.toThrow('the outputs are an array');
  });
});

describe('a part of a graph', () => {
  it('is what its nodes need, in its order, by names, tensors or operations, from bytes or text', () => {
    const graph = new tf.Graph();
    const c = graph.asDefault(() => {
      const [a, b] = [tf.constant(1, { name: 'a' }), tf.constant(2, { name: 'b' })];
      tf.mul(a, b, { name: 'd' });
      return tf.add(b, a, { name: 'c' });
    });
    const bytes = graph.toGraphDef();
    for (const given of [['c'], ['c:0'], [c], [c.op]])
      expect(nodesOf(tf.graphUtil.extractSubGraph(bytes, given))).toEqual(['a', 'b', 'c']);
    expect(nodesOf(tf.graphUtil.extractSubGraph(GraphDef.toText(GraphDef.decode(bytes)), [c]))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('nodes that only training needs', () => {
  it('go, and what took their output takes their input', async () => {
    const graph = new tf.Graph();
    const output = graph.asDefault(() => {
      const x = tf.identity(tf.identity(tf.constant([1, 2])));
      return tf.identity(tf.add(graph.createOperation('CheckNumerics', [x], { message: '' }).outputs[0]!, x), {
        name: 'out',
      });
    });
    const small = tf.graphUtil.removeTrainingNodes(graph.toGraphDef(), { protectedNodes: [output] });
    expect(nodesOf(small)).toEqual(['Const', 'Add', 'out']);
    expect(await answer(small, 'out:0')).toEqual(tf.hostArray([2, 4]));
  });

  it('stay where something waits for them or they wait', () => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const waited = tf.identity(tf.constant(1), { name: 'waited' });
      const two = tf.constant(2, { name: 'two' });
      tf.controlDependencies([waited], () => tf.identity(two, { name: 'waits' }));
    });
    expect(nodesOf(tf.graphUtil.removeTrainingNodes(graph.toGraphDef()))).toEqual(['Const', 'waited', 'two', 'waits']);
  });

  it('that go round in circles are no reason to hang', () => {
    const loop = GraphDef.encode({
      node: [
        { name: 'a', op: 'Identity', input: ['b'] },
        { name: 'b', op: 'Identity', input: ['a'] },
        { name: 'c', op: 'Neg', input: ['a'] },
      ],
    });
    expect(nodesOf(tf.graphUtil.removeTrainingNodes(loop))).toEqual(['c']);
  });
});

describe('mustRunOnCpu', () => {
  it('is told by type and dtype, of variables where that is asked for', () => {
    const on = (tensor: tf.Tensor, options = {}) => tf.graphUtil.mustRunOnCpu(tensor.op, options);
    new tf.Graph().asDefault(() => {
      expect([on(tf.constant('a')), on(tf.constant(1, { dtype: 'int32' })), on(tf.constant(1))]).toEqual([
        true,
        true,
        false,
      ]);
      expect(on(tf.cast(tf.constant(1, { dtype: 'int32' }), 'float32'))).toBe(true);
      const variable = new tf.Variable(1);
      expect([on(variable.op.outputs[0]!), on(variable.op.outputs[0]!, { pinVariablesOnCpu: true })]).toEqual([
        false,
        true,
      ]);
    });
  });
});
