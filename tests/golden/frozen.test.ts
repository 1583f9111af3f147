/** GraphDefs with constants for variables, beside what Python's TensorFlow makes of the same ones. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';

const file = (name: string) => readFileSync(path.join(__dirname, name));
/** What `extract_frozen.py` writes. */
interface Extract {
  references: Record<'subGraph' | 'frozen' | 'kept' | 'small', string[]>;
  functions: {
    initializers: string[];
    feeds: { x: number[]; rows: number[] }[];
    values: Record<string, tf.ArrayLike>[];
    types: string[];
  };
}
const python = JSON.parse(file('frozen.json').toString()) as Extract;

const lines = (bytes: Uint8Array) =>
  tf.GraphDef.decode(bytes).node.map(({ name, op, input }) => [name, op, ...input].join(' '));

describe('a network with references to variables', () => {
  const bytes = file('fully_connected_adam.pb');
  const outputs = ['softmax_linear/add'];
  let session: tf.Session;
  beforeAll(async () => {
    const graph = new tf.Graph();
    graph.importGraphDef(bytes, { name: '' });
    session = new tf.Session({ graph });
    for (const variable of graph.operations.filter(({ type }) => type === 'VariableV2'))
      await session.run(variable.outputs[0]!.consumers().find(({ type }) => type === 'Assign')!);
  });

  it('has the part that its outputs need', () => {
    expect(lines(tf.graphUtil.extractSubGraph(bytes, outputs))).toEqual(python.references.subGraph);
  });

  it('is frozen node by node as by Python', async () => {
    const frozen = await tf.graphUtil.convertVariablesToConstants(session, bytes, outputs);
    expect(lines(frozen)).toEqual(python.references.frozen);
    const options = { variableNamesBlacklist: ['hidden1/weights'] };
    const kept = await tf.graphUtil.convertVariablesToConstants(session, bytes, outputs, options);
    expect(lines(kept)).toEqual(python.references.kept);
  });

  it('is pruned node by node as by Python', async () => {
    const frozen = await tf.graphUtil.convertVariablesToConstants(session, bytes, outputs);
    expect(lines(tf.graphUtil.removeTrainingNodes(frozen, outputs))).toEqual(python.references.small);
  });
});

describe('a network whose functions take resource variables', () => {
  it('gives frozen what it gave before, through loops, branches, calls within calls and gathered rows', async () => {
    const { initializers, feeds, values, types } = python.functions;
    const graph = new tf.Graph();
    graph.importGraphDef(file('functions.pb'), { name: '' });
    const session = new tf.Session({ graph });
    await session.run(initializers.map((name) => graph.getOperationByName(name)));
    const names = Object.keys(values[0]!);
    const bytes = await tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), names);
    const { node, library } = tf.GraphDef.decode(bytes);
    expect([...new Set(node.map(({ op }) => op))].sort()).toEqual(types);
    const inFunctions = library?.function.flatMap(({ nodeDef }) => nodeDef.map(({ op }) => op)) ?? [];
    expect(inFunctions.filter((op) => /Resource|ReadVariable|VarHandle/.test(op))).toEqual([]);

    const again = new tf.Graph();
    again.importGraphDef(bytes, { name: '' });
    const other = new tf.Session({ graph: again });
    for (const [i, { x, rows }] of feeds.entries()) {
      const given = (of: tf.Graph) =>
        [
          [of.getTensorByName('x:0'), x],
          [of.getTensorByName('rows:0'), rows],
        ] as const;
      for (const [name, value] of Object.entries(values[i]!)) {
        const expected = tf.hostArray(value).data;
        expect(((await session.run(graph.getTensorByName(`${name}:0`), given(graph))) as tf.HostArray).data).toEqual(
          expected,
        );
        expect(((await other.run(again.getTensorByName(`${name}:0`), given(again))) as tf.HostArray).data).toEqual(
          expected,
        );
      }
    }
  });
});
