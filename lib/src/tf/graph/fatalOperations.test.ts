import { describe, expect, it } from 'vitest';
import { GraphDef } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';
import { toHostArray } from '../../runtime/hostArray';
import { within } from '../../testing/graphs';
import { constant, placeholder, Variable } from '../ops';
import type { Attributes } from './attributes';
import { Graph, getDefaultGraph } from './graph';
import type { Tensor } from './tensor';

/** Builds an operation in a graph of its own, of placeholders of these shapes. */
const build =
  (type: string, attributes: Attributes, ...inputs: readonly (Tensor | readonly Tensor[])[]) =>
  () => {
    const graph = [inputs[0] ?? []].flat()[0]?.graph ?? new Graph();
    return graph.asDefault(() => graph.createOperation(type, inputs, attributes));
  };

/** An accumulator, by a reference or as a resource. */
const accumulatorOf = (kind: string) =>
  getDefaultGraph().createOperation(`${kind}ConditionalAccumulator`, [], { dtype: 'float32', shape: [2] }).outputs[0]!;

describe('What libtensorflow would end the process over', () => {
  it('is refused: inputs without a dimension, or with too many', () => {
    within(() => {
      const handle = placeholder('resource', []);
      const scalar = placeholder('int32', []);
      const vector = placeholder('int32', [null]);
      const float = placeholder('float32', []);
      const one = { logits_dimension: 1 };
      expect(build('BoostedTreesPredict', one, handle, [scalar])).toThrow(InvalidArgumentError);
      expect(build('BoostedTreesPredict', one, handle, [vector, scalar])).toThrow(
        "'bucketized_features' has at least one",
      );
      expect(build('BoostedTreesExampleDebugOutputs', one, handle, [scalar])).toThrow("'bucketized_features'");
      expect(build('BoostedTreesTrainingPredict', one, handle, vector, vector, [scalar])).toThrow(
        "'bucketized_features'",
      );
      const stats = build(
        'BoostedTreesAggregateStats',
        { max_splits: 1, num_buckets: 1 },
        scalar,
        float,
        float,
        scalar,
      );
      expect(stats).toThrow("'node_ids'");
      const quantized = build('FakeQuantWithMinMaxVarsPerChannelGradient', {}, float, float, float, float);
      expect(quantized).toThrow("'inputs'");
      const many = build(
        'QueueDequeueManyV2',
        { component_types: ['float32'] },
        handle,
        constant([1, 2], { dtype: 'int32' }),
      );
      expect(many).toThrow("QueueDequeueManyV2: input 'n' is a scalar");
      const sizes = constant(1, { dtype: 'int32' });
      expect(build('SplitV', { num_split: 1 }, placeholder('float32', [2, 3]), sizes, scalar)).toThrow(
        "'size_splits' is a vector",
      );
    });
  });

  it('is refused: attributes that are too great, or of two lengths', () => {
    const group = { group_size: 2n ** 63n - 1n, group_key: 1, instance_key: 1, shape: [] };
    within(() =>
      expect(build('CollectiveGather', group, placeholder('float32', [2]))).toThrow("'group_size' has 32 bits"),
    );
    const lists = { dtypes: ['float32'], shapes: [[], []] } as const;
    expect(build('InfeedDequeueTuple', lists)).toThrow(
      "attributes 'dtypes' and 'shapes' are of one length, not of 1 and 2",
    );
    const call = { version: 1, module: 'x', Sout: [[], []], Tout: ['float32'] } as const;
    within(() => expect(build('XlaCallModule', call, [placeholder('float32', [2])])).toThrow("'Tout' and 'Sout'"));
    const mask = { integer_type: 'int32', float_type: 'float32', tuple_mask: '' } as const;
    within(() => expect(build('SplitDedupData', mask, placeholder('variant', []))).toThrow("'tuple_mask'"));
  });

  it('is refused: what a resource variable is changed by, where it is of another dtype', () => {
    within(() => {
      const variable = new Variable([1, 2], { useResource: true });
      const [rate, delta] = [placeholder('float64', []), placeholder('float64', [2])];
      expect(build('ResourceApplyGradientDescent', {}, variable, rate, delta)).toThrow(
        "the variable 'Variable' is of float32, not of float64",
      );
      const right = build('ResourceApplyGradientDescent', {}, variable, placeholder('float32', []), constant([1, 2]));
      expect(right()).toBeDefined();
    });
  });

  it('is refused: elements and steps of queues and accumulators that are no scalars, or have no rows', () => {
    within(() => {
      const handle = placeholder('resource', []);
      const scalar = placeholder('float32', []);
      expect(build('QueueEnqueueManyV2', {}, handle, [scalar])).toThrow("'components' has at least one dimension");
      const dequeue = build('QueueDequeueUpToV2', { component_types: ['float32'] }, handle, placeholder('int32', [2]));
      expect(dequeue).toThrow("input 'n' is a scalar");
      const shapes = { component_types: ['float32'], shapes: [new Array(254).fill(1)] } as const;
      for (const kind of ['FIFO', 'RandomShuffle', 'PaddingFIFO', 'Priority'])
        expect(build(`${kind}QueueV2`, shapes)).toThrow('fewer than 254 dimensions');
      for (const kind of ['', 'Resource']) {
        const set = build(`${kind}AccumulatorSetGlobalStep`, {}, accumulatorOf(kind), placeholder('int64'));
        expect(set).toThrow("'new_global_step' is a scalar, and known to be one");
      }
    });
  });

  it('is refused in a GraphDef too, where an attribute says so', () => {
    const node = (op: string, attr: object) => GraphDef.encode({ node: [{ name: 'x', op, attr }] });
    const types = { list: { type: [1] } };
    const shapes = { list: { shape: [{}, {}] } };
    const graph = new Graph();
    expect(() => graph.importGraphDef(node('InfeedDequeueTuple', { dtypes: types, shapes }))).toThrow('of one length');
    const unstack = node('Unpack', { num: { i: 2 ** 31 - 1 }, T: { type: 1 } });
    expect(() => graph.importGraphDef(unstack)).toThrow("Unpack can't have 2147483647 outputs");
    expect(graph.operations).toEqual([]);
  });

  it('leaves alone what is right', () => {
    within(() => {
      const handle = placeholder('resource', []);
      expect(
        build('BoostedTreesPredict', { logits_dimension: 1 }, handle, [placeholder('int32', [3])])(),
      ).toBeDefined();
      const n = constant(3, { dtype: 'int32' });
      expect(build('QueueDequeueManyV2', { component_types: ['float32'] }, handle, n)()).toBeDefined();
      const [sizes, axis] = [constant([1, 3], { dtype: 'int32' }), constant(0, { dtype: 'int32' })];
      expect(build('SplitV', { num_split: 2 }, placeholder('float32', [4]), sizes, axis)()).toBeDefined();
      expect(build('InfeedDequeueTuple', { dtypes: ['float32'], shapes: [[]] })()).toBeDefined();
    });
  });
});

describe('What has 2 GiB or more', () => {
  it('is refused before there is any of it', () => {
    within(() => expect(() => constant(1, { shape: [2 ** 30] })).toThrow('a constant holds less than 2 GiB'));
    expect(() => new Graph().importGraphDef(new Uint8Array(2 ** 31))).toThrow(
      'a GraphDef has less than 2 GiB, and this one',
    );
  });
});

describe('Names with a NUL or half of a surrogate pair', () => {
  it('are refused where they would be cut short or become others', () => {
    const graph = new Graph();
    const { op } = graph.asDefault(() => constant(toHostArray([1])));
    for (const name of ['value\0x', 'value\ud800']) {
      expect(() => op.getAttribute(name)).toThrow(/the name of an attribute has (a NUL|half)/);
      expect(() => graph.addToCollection(name, op)).toThrow(/the name of a collection has/);
      expect(() => graph.device(`/cpu:0${name}`, () => 1)).toThrow('is no device');
      expect(() => graph.nameScope(name, () => 1)).toThrow('is no name');
    }
  });
});
