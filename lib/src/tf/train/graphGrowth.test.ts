import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphDef } from '../../protos';
import { addNativeGradients } from '../../testing/checkNativeGradients';
import { repetitions } from '../../testing/repetitions';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { identity } from '../ops/array';
import { constant, placeholder } from '../ops/constants';
import { mul, square } from '../ops/elementwise';
import { Variable } from '../ops/variables';
import { Session } from '../session';
import { exportMetaGraph } from './metaGraph';
import { GradientDescentOptimizer } from './optimizers';
import { importMetaGraph } from './saver';

/** What this object says the graph has is what libtensorflow says it has, in the same order. */
function expectKnown(graph: Graph): void {
  const { node } = GraphDef.decode(graph.toGraphDef());
  expect(graph.operations.map(({ name }) => name)).toEqual(node.map(({ name }) => name));
  for (const { name, op, input } of node) {
    const operation = graph.getOperationByName(name);
    expect(operation.type).toBe(op);
    const inputs = [...operation.inputs.map((tensor) => tensor.name.replace(/:0$/, '')), ...controls(operation)];
    expect(inputs.sort()).toEqual([...input].sort());
  }
}

const controls = ({ controlInputs }: { controlInputs: readonly { name: string }[] }) =>
  controlInputs.map(({ name }) => `^${name}`);

/** x, y = x², in the graph's own names. */
const small = (): Uint8Array => {
  const graph = new Graph();
  graph.asDefault(() => graph.nameScope('s', () => square(placeholder('float32', [2], { name: 'x' }), { name: 'y' })));
  return graph.toGraphDef();
};

const trained = (): Uint8Array => {
  const graph = new Graph();
  graph.asDefault(() => {
    const w = new Variable([1, 2], { name: 'w' });
    new GradientDescentOptimizer(0.1).minimize(mul(w, w), {});
  });
  return exportMetaGraph({ graph });
};

const [graphDef, metaGraph] = [small(), trained()];
const broken = (change: (def: GraphDef) => void): Uint8Array => {
  const def = GraphDef.decode(graphDef);
  change(def);
  return GraphDef.encode(def);
};
/** GraphDefs that fail at the beginning, halfway and at the end of an import. */
const failing = [
  Uint8Array.of(0x0a, 0x05, 0x01),
  broken(({ node }) => Object.assign(node[1]!, { op: 'Nonsense' })),
  broken(({ node }) => Object.assign(node[1]!, { input: ['nowhere'] })),
  broken(({ node }) => Object.assign(node[1]!, { attr: {} })),
  broken(({ node }) => node.push({ ...node[0]! })),
  broken(({ node }) => node.push({ ...node[1]!, name: 'z', op: 'AddN', attr: {} })),
];

type Step = (graph: Graph) => void;
const someTensor = (graph: Graph): Tensor => {
  const floats = graph.operations.flatMap(({ outputs }) => outputs.filter(({ dtype }) => dtype === 'float32'));
  return floats.at(-1) ?? graph.asDefault(() => constant([1, 2]));
};
const steps: Record<string, Step> = {
  builder: (graph) => square(someTensor(graph)),
  scope: (graph) => graph.nameScope('import', () => identity(someTensor(graph), { name: 'y' })),
  import: (graph) => graph.importGraphDef(graphDef),
  prefix: (graph) => graph.importGraphDef(graphDef, { prefix: 's' }),
  'no prefix': (graph) => graph.importGraphDef(graphDef, { prefix: '' }),
  'the same scope': (graph) => graph.importGraphDef(graphDef, { name: 's/' }),
  'import in scopes': (graph) =>
    graph.nameScope('a', () =>
      graph.device('/cpu:0', () =>
        graph.controlDependencies([someTensor(graph)], () => graph.importGraphDef(graphDef, { prefix: 'b' })),
      ),
    ),
  'input map': (graph) => {
    const x = graph.asDefault(() => constant([3, 4]));
    const [y] = graph.importGraphDef(graphDef, { inputMap: { 's/x:0': x }, returnElements: ['s/y:0'] });
    expect((y as Tensor).op.inputs).toEqual([x]);
  },
  'failed imports': (graph) => {
    for (const bytes of failing) expect(() => graph.importGraphDef(bytes, { prefix: '' })).toThrow();
    expect(() => graph.importGraphDef(graphDef, { returnElements: ['s/y:1'] })).toThrow("'s/y' has 1 output(s)");
    expect(() => graph.importGraphDef(graphDef, { inputMap: { 's/x:1': someTensor(graph) } })).toThrow();
  },
  'a failed builder': (graph) => {
    const x = someTensor(graph);
    expect(() => graph.createOperation('Reshape', [x, x], {}, { name: 'bad' })).toThrow();
    expect(() => graph.createOperation('MatMul', [x, x], { transpose_a: true }, { name: 'bad' })).toThrow();
  },
  'a meta graph': (graph) => void importMetaGraph(metaGraph, { graph, importScope: 'meta' }),
  'a failed meta graph': (graph) => {
    graph.asDefault(() => graph.nameScope(null, () => constant(1, { name: 'w' })));
    expect(() => importMetaGraph(metaGraph, { graph })).toThrow("'w'");
  },
  gradients: (graph) => {
    const x = someTensor(graph);
    gradients(square(x), [x]);
  },
  'native gradients': (graph) => {
    // Of a tensor of its own: behind the operations of training, libtensorflow's gradients end the process.
    const x = graph.asDefault(() => constant([1, 2]));
    const y = square(x);
    graph.asDefault(() => addNativeGradients(graph, y, [x], y));
  },
  'a run': (graph) => {
    const session = new Session({ graph });
    session.runSync(graph.nameScope(null, () => graph.asDefault(() => constant(1))));
    session.close();
  },
};

describe('a graph that grows', () => {
  it('knows every operation of the native graph, in any order of builders, imports, gradients and failures', () => {
    const names = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, (sequence) => {
        const graph = new Graph();
        for (const name of sequence) {
          graph.asDefault(() => steps[name]?.(graph));
          expectKnown(graph);
        }
      }),
      {
        numRuns: repetitions(30, 2000),
        examples: Object.keys(steps).flatMap((name) => [[[name, name]]] as [string[]][]),
      },
    );
  });
});
