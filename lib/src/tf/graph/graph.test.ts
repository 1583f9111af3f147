import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { GraphDef } from '../../protos';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';
import { constant, placeholder } from '../ops/constants';
import { noOp } from '../ops/control';
import { Variable } from '../ops/variables';
import { Session } from '../session';
import { Graph, getDefaultGraph, resetDefaultGraph } from './graph';
import type { Operation } from './operation';
import { Tensor } from './tensor';

/** A new graph, the default one while `build` runs. */
function inGraph<T>(build: (graph: Graph) => T): T {
  const graph = new Graph();
  return graph.asDefault(() => build(graph));
}

const identity = (input: Tensor, name: string) => input.graph.createOperation('Identity', [input], {}, { name });
const namesOf = (operations: readonly Operation[]) => operations.map(({ name }) => name);

describe('names', () => {
  // The list is what Python's tf.compat.v1 gives for the same calls.
  it('are those of TensorFlow 1, whatever case, number or scope asks for them', () => {
    const names = inGraph((graph) => {
      const made: string[] = [];
      const make = (name: string) => made.push(noOp({ name }).name);
      for (const name of ['a', 'a', 'A', 'a_1', 'a', 'b_2', 'b', 'b', 'b']) make(name);
      const scope = graph.nameScope('s', (scope) => {
        make('a');
        make('a');
        graph.nameScope('t', () => make('a'));
        graph.nameScope('t', () => make('a'));
        graph.nameScope(null, () => make('x'));
        make('u/v');
        return scope;
      });
      graph.nameScope('s', () => make('a'));
      graph.nameScope(scope, () => make('a'));
      graph.nameScope('S', () => make('a'));
      graph.nameScope('s/t', () => make('a'));
      make('s/a');
      make('s');
      return made;
    });
    expect(names.slice(0, 9)).toEqual(['a', 'a_1', 'A_2', 'a_1_1', 'a_3', 'b_2', 'b', 'b_1', 'b_3']);
    expect(names.slice(9, 15)).toEqual(['s/a', 's/a_1', 's/t/a', 's/t_1/a', 'x', 's/u/v']);
    expect(names.slice(15)).toEqual(['s_1/a', 's/a_2', 'S_2/a', 's/t_2/a', 's/a_3', 's_3']);
  });

  it('count as used when an operation was imported with them', () => {
    const bytes = inGraph((graph) => {
      graph.nameScope('s', () => noOp({ name: 'a' }));
      return graph.toGraphDef();
    });
    inGraph((graph) => {
      graph.importGraphDef(bytes, { prefix: '' });
      expect(graph.nameScope('s', () => noOp({ name: 'a' }).name)).toBe('s/a_1');
    });
  });

  it.each(['', '_a', '-', 'a b', 'a:0', 'ä'])('of operations are checked: %j', (name) => {
    expect(() => inGraph(() => noOp({ name: name || ' ' }))).toThrow(/is no name for an operation: it must start with/);
  });

  it('of scopes are checked', () => {
    expect(() => inGraph((graph) => graph.nameScope('a b', () => 0))).toThrow(/'a b' is no name for a name scope/);
  });

  it.each(['a b', 'x:0', 'ä', 'a\0', 'a\n', 'a\\b', 'a>', '>', 5, {}, Symbol('x')])(
    'are checked inside of scopes too, wherever they come from: %o',
    (given) => {
      const name = given as string;
      inGraph((graph) => {
        const makers = [
          () => noOp({ name }),
          () => constant(1, { name }),
          () => placeholder('float32', [], { name }),
          () => new Variable(1, { name }),
          () => graph.createOperation('NoOp', [], {}, { name }),
          () => graph.nameScope(name, () => noOp()),
          () => graph.uniqueName(name),
          () => graph.importGraphDef(new Uint8Array(), { prefix: name }),
        ];
        for (const make of makers) {
          expect(make).toThrow(InvalidArgumentError);
          graph.nameScope('s', () =>
            expect(make).toThrow(/is no name for|(name|prefix)( of .*)?'? is a (string|text)/),
          );
        }
        if (given !== 5) expect(() => noOp({ name: `s/${String(given)}/` })).toThrow(InvalidArgumentError);
        expect(graph.operations.filter(({ type }) => type === 'NoOp')).toEqual([]);
      });
    },
  );

  it('can be read again in every graph that has them', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'B', '0', '.', '_', '-', '>', '\\', ':', ' ', '/'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(part, part, part, (outer, inner, name) => {
        inGraph((graph) => {
          try {
            graph.nameScope(outer, () => graph.nameScope(inner, () => noOp({ name })));
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidArgumentError);
            return;
          }
          const [operation] = graph.operations;
          const again = new Graph();
          again.importGraphDef(graph.toGraphDef(), { prefix: '' });
          expect(again.operations[0]?.name).toBe(operation?.name);
        });
      }),
    );
  });
});

describe('scopes', () => {
  it('merge devices, and forget them for null', () => {
    const devices = inGraph((graph) => {
      const made: string[] = [];
      const make = () => made.push(noOp().device);
      graph.device('/job:ps', () =>
        graph.device('/cpu:0', () => {
          make();
          graph.device('/gpu:1', make);
          graph.device(null, make);
          graph.device('/job:worker/task:3', make);
        }),
      );
      return made;
    });
    expect(devices).toEqual(['/job:ps/device:CPU:0', '/job:ps/device:GPU:1', '', '/job:worker/task:3/device:CPU:0']);
  });

  it('refuse what is no device', () => {
    expect(() => inGraph((graph) => graph.device('/cpux:0', noOp))).toThrow(
      "'/cpux:0' is no device: 'cpux:0' is none of",
    );
  });

  it('of control dependencies add what an operation does not wait for already', () => {
    inGraph((graph) => {
      const a = constant(1, { name: 'a' });
      const b = constant(2, { name: 'b' });
      const waits = (operation: Operation) => namesOf(operation.controlInputs).sort();
      graph.controlDependencies([a], () => {
        const c = identity(b, 'c');
        expect(waits(c)).toEqual(['a']);
        expect(waits(identity(a, 'd'))).toEqual([]);
        graph.controlDependencies([b], () => {
          expect(waits(identity(c.outputs[0]!, 'e'))).toEqual(['b']);
          expect(waits(noOp())).toEqual(['a', 'b']);
        });
        graph.controlDependencies(null, () => expect(waits(noOp())).toEqual([]));
      });
      expect(waits(noOp())).toEqual([]);
    });
  });

  it('of colocation name every group, also that of an operation that is colocated itself', () => {
    inGraph((graph) => {
      const [a, b] = [constant(1, { name: 'a' }), constant(2, { name: 'b' })];
      const c = graph.colocateWith(a, () => {
        expect(graph.colocateWith(b.op, () => identity(a, 'both')).colocationGroups()).toEqual(['loc:@a', 'loc:@b']);
        return identity(b, 'c');
      });
      expect(c.colocationGroups()).toEqual(['loc:@a']);
      expect(graph.colocateWith(c, () => identity(b, 'd')).colocationGroups()).toEqual(['loc:@a']);
    });
  });

  it('end when their callback throws', () => {
    inGraph((graph) => {
      expect(() =>
        graph.nameScope('s', () => {
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(noOp({ name: 'a' }).name).toBe('a');
    });
  });

  it('refuse an async callback, which would outlive them', () => {
    const graph = new Graph();
    expect(() => graph.asDefault(async () => 0)).toThrow('the callback must not be async');
    expect(() => graph.nameScope('s', async () => 0)).toThrow('the callback must not be async');
  });
});

describe('the default graph', () => {
  it('lives until it is reset', () => {
    const graph = getDefaultGraph();
    expect(constant(1).graph).toBe(graph);
    resetDefaultGraph();
    expect(getDefaultGraph()).not.toBe(graph);
  });

  it('is the innermost of asDefault', () => {
    inGraph((outer) => {
      const inner = new Graph();
      expect(inner.asDefault(() => constant(1).graph)).toBe(inner);
      expect(getDefaultGraph()).toBe(outer);
      expect(() => resetDefaultGraph()).toThrow("can't be called inside of asDefault");
    });
  });
});

describe('a graph', () => {
  it('finds operations and tensors by name', () => {
    inGraph((graph) => {
      const x = placeholder('float32', [], { name: 'x' });
      expect(graph.operations).toEqual([x.op]);
      expect(graph.getOperationByName('x')).toBe(x.op);
      expect(graph.getTensorByName('x:0')).toBe(x);
      expect(() => graph.getOperationByName('y')).toThrow("no operation named 'y'");
      expect(() => graph.getOperationByName('x:0')).toThrow('use getTensorByName');
      expect(() => graph.getTensorByName('x')).toThrow("ends in the output's index: 'x:0'");
      expect(() => graph.getTensorByName('x:1')).toThrow("'x:1' doesn't exist: x has 1 output(s)");
      expect(graph.getTensorByName('x:0', x.dtype)).toBe(x);
      expect(() => graph.getTensorByName('x:0', 'string')).toThrow("'x:0' is of float32, not of string");
      expect(() => graph.getTensorByName('x:0', 'float' as 'float32')).toThrow("'float' is no dtype");
      expectTypeOf(graph.getTensorByName('x:0', 'float32')).toEqualTypeOf<Tensor<'float32'>>();
      expectTypeOf(graph.getTensorByName('x:0')).toEqualTypeOf<Tensor>();
    });
  });

  it('keeps collections', () => {
    const graph = new Graph();
    graph.addToCollections(['a', 'b', 'a'], 1);
    graph.addToCollection('a', { name: 's/x' });
    expect(graph.getCollection('a')).toEqual([1, { name: 's/x' }]);
    expect(graph.getCollection('a', 's/')).toEqual([{ name: 's/x' }]);
    expect(graph.getAllCollectionKeys()).toEqual(['a', 'b']);
    graph.getCollectionRef('c').push(2);
    graph.clearCollection('a');
    expect(graph.getAllCollectionKeys()).toEqual(['b', 'c']);
    expect(graph.getCollection('none')).toEqual([]);
  });

  it('takes nothing more when it is finalized', () => {
    inGraph((graph) => {
      graph.finalize();
      expect(graph.finalized).toBe(true);
      expect(() => constant(1)).toThrow('the graph is finalized');
      expect(() => graph.addToCollection('a', 1)).toThrow('the graph is finalized');
      expect(() => graph.importGraphDef(new Uint8Array())).toThrow('the graph is finalized');
      graph.unfinalize();
      expect(constant(1).graph).toBe(graph);
    });
  });

  it('gives what it has by its name, or as it is, and of the kind that is asked for', () => {
    inGraph((graph) => {
      const x = constant(1, { name: 'x' });
      expect(graph.asGraphElement('x:0')).toBe(x);
      expect(graph.asGraphElement('x')).toBe(x.op);
      expect(graph.asGraphElement(x, { allowOperation: false })).toBe(x);
      expect(() => graph.asGraphElement('x', { allowOperation: false })).toThrow('an operation, not a tensor');
      expect(() => graph.asGraphElement(x, { allowTensor: false })).toThrow('a tensor, not an operation');
      expect(() => graph.asGraphElement('y')).toThrow(NotFoundError);
      expect(() => graph.asGraphElement(5 as never)).toThrow('a tensor, an operation or the name of one');
      expect(() => new Graph().asGraphElement(x)).toThrow(
        /^Tensor 'x:0' .*belongs to another graph: it was built at \S*graph.test.ts:\d+:\d+, its graph was made at \S+, the graph here at \S+$/,
      );
    });
  });

  it('is a GraphDef, which another graph can import', () => {
    const bytes = inGraph((graph) => {
      const x = placeholder('float32', [null, 2], { name: 'x' });
      graph.nameScope('s', () => identity(x, 'y'));
      return graph.toGraphDef();
    });
    expect(GraphDef.decode(bytes).node.map(({ name, op, input }) => [name, op, ...input])).toEqual([
      ['x', 'Placeholder'],
      ['s/y', 'Identity', 'x'],
    ]);
    inGraph((graph) => {
      const mine = constant([[1, 2]], { name: 'mine' });
      const [y, op] = graph.importGraphDef(bytes, { inputMap: { 'x:0': mine }, returnElements: ['s/y:0', 's/y'] });
      expect(y?.name).toBe('import/s/y:0');
      expect(op?.name).toBe('import/s/y');
      expect((op as Operation).inputs).toEqual([mine]);
      graph.importGraphDef(bytes, { prefix: 'again' });
      graph.importGraphDef(bytes, { prefix: 'again' });
      expect(namesOf(graph.operations)).toContain('again_1/s/y');
    });
  });

  it('gives imported operations the names, devices and control inputs that Python gives them', () => {
    const bytes = inGraph((graph) => {
      const x = placeholder('float32', [2], { name: 'x' });
      graph.nameScope('s', () => graph.device('/device:CPU:1', () => identity(x, 'y')));
      graph.colocateWith(x, () => identity(x, 'beside'));
      return graph.toGraphDef();
    });
    inGraph((graph) => {
      const wait = noOp({ name: 'wait' });
      graph.nameScope('a', () =>
        graph.device('/job:w/cpu:0', () =>
          graph.controlDependencies([wait], () => {
            graph.importGraphDef(bytes, { name: '' });
            const [y] = graph.importGraphDef(bytes, { name: '', returnElements: ['s/y:0'] });
            expect(identity(y as Tensor, 'after').controlInputs).toEqual([]);
            graph.importGraphDef(bytes, { name: 'p' });
          }),
        ),
      );
      const names = namesOf(graph.operations);
      expect(names.slice(1)).toEqual([
        ...['x', 's/y', 'beside', 'x_1', 's/y_1', 'beside_1', 'a/after', 'a/p/x', 'a/p/s/y', 'a/p/beside'],
      ]);
      const at = (name: string) => graph.getOperationByName(name);
      expect(['x', 's/y', 'a/p/beside'].map((name) => at(name).device)).toEqual([
        '/job:w/device:CPU:0',
        '/job:w/device:CPU:1',
        '/job:w/device:CPU:0',
      ]);
      expect(at('x').controlInputs).toEqual([wait]);
      expect(at('a/p/beside').colocationGroups()).toEqual(['loc:@a/p/x']);
      expect(() => graph.importGraphDef(bytes, { name: 'a', prefix: 'b' })).toThrow('prefix and name are the same');
    });
  });

  it('says what is wrong with what it is to import, and stays as it was', () => {
    const bytes = inGraph((graph) => {
      placeholder('float32', [], { name: 'x' });
      return graph.toGraphDef();
    });
    const changed = (change: (def: GraphDef) => unknown) => {
      const def = GraphDef.decode(bytes);
      change(def);
      return GraphDef.encode(def);
    };
    inGraph((graph) => {
      const y = constant(1);
      const attempts: [bytes: unknown, options: object, message: string | RegExp][] = [
        [Buffer.from([0x0a, 5, 1]), {}, 'this is no GraphDef'],
        [null, {}, 'a GraphDef is given as its bytes'],
        [[1, 2], {}, 'a GraphDef is given as its bytes'],
        [bytes, { returnElements: ['z:0'] }, "returnElements names 'z:0', that the GraphDef doesn't have"],
        [bytes, { returnElements: ['x:1'] }, "returnElements names 'x:1', but 'x' has 1 output(s)"],
        [bytes, { returnElements: ['x:4294967295'] }, "'x' has 1 output(s)"],
        [bytes, { inputMap: { 'z:0': y } }, "inputMap names 'z:0', that the GraphDef doesn't have"],
        [bytes, { inputMap: { 'x:1': y } }, "inputMap names 'x:1', but 'x' has 1 output(s)"],
        [bytes, { inputMap: { x: inGraph(() => constant(1)) } }, 'another graph'],
        [bytes, { inputMap: { x: null } }, "inputMap has no tensor for 'x': null"],
        [changed(({ node }) => Object.assign(node[0]!, { op: 'Nope' })), {}, /node 'x' .* type 'Nope', which/],
        [changed((def) => Object.assign(def, { versions: { producer: 5000, minConsumer: 5000 } })), {}, /5000/],
      ];
      for (const [graphDef, options, message] of attempts) {
        expect(() => graph.importGraphDef(graphDef as Uint8Array, options), String(message)).toThrow(message);
        expect(graph.operations).toEqual([y.op]);
        expect(GraphDef.decode(graph.toGraphDef()).node).toHaveLength(1);
      }
    });
  });
});

describe('createOperation', () => {
  it('makes any operation of TensorFlow with typed attributes, which can be read back', () => {
    inGraph((graph) => {
      const images = placeholder('float32', [8, 28, 28, 1]);
      const filter = placeholder('float32', [5, 5, 1, 4]);
      const conv = graph.createOperation('Conv2D', [images, filter], { strides: [1, 2, 2, 1], padding: 'SAME' });
      expect(conv.outputs[0]?.shape).toEqual([8, 14, 14, 4]);
      expect(conv.inputs).toEqual([images, filter]);
      expect(images.consumers()).toEqual([conv]);
      expect(conv.getAttribute('strides')).toEqual([1, 2, 2, 1]);
      expect(conv.attributes).toMatchObject({ padding: 'SAME', T: 'float32', use_cudnn_on_gpu: true });
      expect(() => conv.getAttribute('stride')).toThrow(/stride/);
    });
  });

  it('reads back attributes of every kind', () => {
    inGraph((graph) => {
      const value = constant([[1.5, 2]]).op;
      expect(value.getAttribute('value')).toMatchObject({
        dtype: 'float32',
        shape: [1, 2],
        data: new Float32Array([1.5, 2]),
      });
      expect(placeholder('int64', [null, 3]).op.getAttribute('shape')).toEqual([null, 3]);
      expect(placeholder('int64').op.getAttribute('shape')).toBeNull();
      const seeded = graph.createOperation('TruncatedNormal', [constant([2], { dtype: 'int32' })], {
        dtype: 'float32',
        seed: 2n ** 62n,
      });
      expect(seeded.getAttribute('seed')).toBe(2n ** 62n);
      expect(seeded.getAttribute('dtype')).toBe('float32');
    });
  });

  it("passes TensorFlow's message on, with the operation and the line that built it", () => {
    inGraph((graph) => {
      const [a, b] = [placeholder('float32', [2, 3]), placeholder('float32', [2, 3])];
      const build = () => graph.nameScope('s', () => graph.createOperation('MatMul', [a, b], {}, { name: 'product' }));
      expect(build).toThrow(/Dimensions must be equal, but are 3 and 2/);
      expect(build).toThrow(/building operation 's_1\/product' \(MatMul\) at .*graph\.test\.ts:\d+:\d+/);
    });
  });

  it.each<[string, (graph: Graph, x: Tensor) => unknown, RegExp]>([
    ['an unknown type', (graph) => graph.createOperation('Matmul'), /Matmul/],
    ['a missing input', (graph, x) => graph.createOperation('Add', [x]), /Add takes 2 input\(s\) \(x, y\), got 1/],
    ['a list for one tensor', (graph, x) => graph.createOperation('Neg', [[x]]), /input 'x' is one tensor/],
    ['one tensor for a list', (graph, x) => graph.createOperation('AddN', [x]), /input 'inputs' is a list of tensors/],
    ['no tensor', (graph) => graph.createOperation('Neg', [1 as never]), /input 'x' is no tensor|is a list|one tensor/],
    [
      "another graph's tensor",
      (graph) => graph.createOperation('Neg', [inGraph(() => constant(1))]),
      /belongs to another graph/,
    ],
    [
      'an unknown attribute',
      (graph, x) => graph.createOperation('Neg', [x], { t: 'float32' }),
      /Neg has no attribute 't'; it has T/,
    ],
    [
      'an ill-typed attribute',
      (graph, x) => graph.createOperation('ExpandDims', [x, x], { Tdim: 1 }),
      /attribute 'Tdim' is a dtype such as 'float32', got 1/,
    ],
    ['a missing attribute', (graph) => graph.createOperation('Placeholder'), /dtype/],
  ])('refuses %s and leaves the graph as it was', (_what, build, message) => {
    inGraph((graph) => {
      const x = constant(1);
      expect(() => build(graph, x)).toThrow(message);
      expect(graph.operations).toEqual([x.op]);
      expect(identity(x, 'still_works').name).toBe('still_works');
    });
  });
});

describe('a tensor', () => {
  it('has a static shape with null for what is unknown, which can be added to but not contradicted', () => {
    inGraph(() => {
      expect(placeholder('float32').shape).toBeNull();
      expect(placeholder('float32').rank).toBeNull();
      const x = placeholder('float32', [null, 3], { name: 'x' });
      expect(x.shape).toEqual([null, 3]);
      expect(String(x)).toBe("Tensor 'x:0' float32 [?, 3]");
      x.setShape([2, null]);
      expect(x.shape).toEqual([2, 3]);
      expect(() => x.setShape([5, 3])).toThrow(/shape of 'x:0'/);
      expect(x.shape).toEqual([2, 3]);
    });
  });

  it('has the same shape whoever asks for it, however often, and whatever is done to what was given', () => {
    inGraph((graph) => {
      const x = placeholder('float32', [null, 3], { name: 'x' });
      const again = new Tensor(x.op, 0);
      (x.shape as (number | null)[]).push(7);
      expect(again.shape).toEqual([null, 3]);
      again.setShape([2, 3]);
      expect(x.shape).toEqual([2, 3]);
      expect(graph.getTensorByName('x:0').shape).toEqual([2, 3]);
    });
  });
});

describe('libtensorflow', () => {
  it('is given no constant that no GraphDef holds, and no strings that no protocol buffer does', () => {
    inGraph((graph) => {
      const bytes = new HostArray('uint8', [2 ** 31], new Uint8Array(2 ** 31)); // the system gives no memory before it is written
      expect(() => constant(bytes)).toThrow('less than 2 GiB, but these elements are 2147483648 bytes; feed them');
      const text = Buffer.from(bytes.data.buffer, 0, 2 ** 30);
      const texts = new HostArray('string', [3], [text, text, text]);
      const x = placeholder('string', [3]);
      expect(() =>
        new Session({ graph }).runSync(x.op.graph.createOperation('Identity', [x]).outputs[0]!, [[x, texts]]),
      ).toThrow('a tensor of strings holds less than 2 GiB');
    });
  });

  it('is given no operation with more outputs than there is room for, or elements than can be counted', () => {
    inGraph((graph) => {
      const x = placeholder('float32', [4]);
      const axis = constant(0, { dtype: 'int32' });
      expect(() => graph.createOperation('Split', [axis, x], { num_split: 2 ** 31 - 1 })).toThrow(
        "can't have 2147483647 outputs",
      );
      const sizes = constant(Array(3).fill(2 ** 31 - 1), { dtype: 'int32' });
      expect(() => graph.createOperation('Fill', [sizes, constant(1)])).toThrow('has too many elements');
      expect(graph.operations).toHaveLength(GraphDef.decode(graph.toGraphDef()).node.length);
    });
  });

  it.each([[-7], [0.5], [2 ** 60], ['3'], 'x', undefined, Array(300).fill(null)])(
    'is given no shape like %o',
    (shape) => {
      inGraph(() => {
        const given = shape as number[];
        expect(() => placeholder('float32').setShape(given)).toThrow(InvalidArgumentError);
        if (shape !== undefined) expect(() => placeholder('float32', given)).toThrow(InvalidArgumentError);
      });
    },
  );

  it('is given no integer beyond 64 bits, and no text that is none, as an attribute', () => {
    inGraph((graph) => {
      const make = (num: number | bigint) => graph.createOperation('Unpack', [placeholder('float32', [2])], { num });
      for (const num of [1e300, 2n ** 63n, 0.5, Number.NaN])
        expect(() => make(num)).toThrow("attribute 'num' is an integer");
      expect(() =>
        placeholder('string').op.graph.createOperation('Placeholder', [], { dtype: 'int32', _x: '\ud800' }),
      ).toThrow("attribute '_x' is a string");
    });
  });
});
