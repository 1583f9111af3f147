import { expect, it } from 'vitest';
import { type FunctionDef, GraphDef, type MessageInit } from '../../protos';
import * as tf from '..';

/** A function of two equal arguments, and, where it is given, one that calls it. */
function functions(op: string, caller?: string): MessageInit<FunctionDef>[] {
  const signature = (name: string) => ({
    name,
    inputArg: [{ name: 'a', type: 1 }],
    outputArg: [{ name: 'b', type: 1 }],
  });
  const attr = { T: { type: 1 } };
  const inner = {
    signature: signature('inner'),
    nodeDef: [{ name: 'n', op, input: ['a', 'a'], attr }],
    ret: { b: 'n:z:0' },
  };
  if (caller === undefined) return [inner];
  const calling = [{ name: 'n', op: 'PartitionedCall', input: ['a'], attr: callOf('inner') }];
  return [inner, { signature: signature(caller), nodeDef: calling, ret: { b: 'n:output:0' } }];
}

const callOf = (name: string) => ({
  Tin: { list: { type: [1] } },
  Tout: { list: { type: [1] } },
  f: { func: { name } },
});

function graphDef(op: string): Uint8Array {
  const x = { name: 'x', op: 'Placeholder', attr: { dtype: { type: 1 } } };
  const y = { name: 'y', op: 'PartitionedCall', input: ['x'], attr: callOf('outer') };
  return GraphDef.encode({ node: [x, y], library: { function: functions(op, 'outer') }, versions: { producer: 1000 } });
}

it('keeps functions of one name apart, those that call them and those of other graphs', async () => {
  const graph = new tf.Graph();
  for (const [op, prefix] of Object.entries({ AddV2: 'sum', Mul: 'square', Sub: 'zero' }))
    graph.importGraphDef(graphDef(op), { prefix });
  graph.importGraphDef(graphDef('AddV2'), { prefix: 'again' });
  await using session = new tf.Session({ graph });
  const scopes = ['sum', 'square', 'zero', 'again'];
  const answers = await session.run(
    scopes.map((scope) => `${scope}/y:0`),
    scopes.map((scope) => [`${scope}/x:0`, 3] as const),
  );
  expect(answers).toEqual([6, 9, 0, 6]);
  const { library } = GraphDef.decode(graph.toGraphDef());
  expect(library?.function.map(({ signature }) => signature?.name).sort()).toEqual([
    'inner',
    'inner_1',
    'inner_2',
    'outer',
    'outer_1',
    'outer_2',
  ]);
});

it('leaves the bytes that are given as they are', () => {
  const graph = new tf.Graph();
  graph.importGraphDef(graphDef('AddV2'), { prefix: 'a' });
  const given = graphDef('Mul');
  const before = Buffer.from(given).toString('hex');
  graph.importGraphDef(given, { prefix: 'b' });
  expect(Buffer.from(given).toString('hex')).toBe(before);
});
