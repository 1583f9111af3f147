import { describe, expect, it } from 'vitest';
import type { HostArray } from '../../../runtime/hostArray';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { Session } from '../../session';
import { constant, placeholder } from '../constants';
import { Variable } from '../variables';
import { embeddingLookup } from './embedding';

/** Tables of which each row says the id that it is for. */
const tables = (ids: readonly (readonly number[])[]) =>
  ids.map((rows) =>
    constant(
      rows.map((id) => [id, 10 * id]),
      { dtype: 'float64' },
    ),
  );

const IN_TURN = [
  [0, 3, 6],
  [1, 4],
  [2, 5],
];
const CONSECUTIVE = [
  [0, 1, 2],
  [3, 4],
  [5, 6],
];

describe('embeddingLookup', () => {
  const ids = [
    [6, 0, 3],
    [5, 5, 1],
  ];
  const rows = ids.map((row) => row.map((id) => [id, 10 * id]));

  it.each<[string, () => Tensor]>([
    ['one table', () => embeddingLookup(tables([[0, 1, 2, 3, 4, 5, 6]])[0]!, ids)],
    ['an array of one table', () => embeddingLookup(tables([[0, 1, 2, 3, 4, 5, 6]]), ids)],
    ['ids of int64', () => embeddingLookup(tables([[0, 1, 2, 3, 4, 5, 6]]), constant(ids, { dtype: 'int64' }))],
    ['tables in turn', () => embeddingLookup(tables(IN_TURN), ids)],
    ['tables in turn and ids of int64', () => embeddingLookup(tables(IN_TURN), constant(ids, { dtype: 'int64' }))],
    ['consecutive tables', () => embeddingLookup(tables(CONSECUTIVE), ids, { partitionStrategy: 'div' })],
    [
      'consecutive tables of one row and of none',
      () =>
        embeddingLookup(
          [...tables([[0], [1], [2], [3], [4], [5], [6]]), constant([], { dtype: 'float64', shape: [0, 2] })],
          ids,
          {
            partitionStrategy: 'div',
          },
        ),
    ],
  ])('of %s', (_title, build) => {
    expect(evaluate(build)).toEqual(rows);
  });

  it('of a scalar is a row', () => {
    expect(evaluate(() => embeddingLookup(tables(IN_TURN), 4))).toEqual([4, 40]);
  });

  it.each(['mod', 'div'] as const)('needs no static shapes: %s', (partitionStrategy) => {
    const graph = new Graph();
    const session = new Session({ graph });
    const { params, words, found } = graph.asDefault(() => {
      const params = [placeholder('float64'), placeholder('float64', [null, 2]), placeholder('float64')];
      const words = placeholder('int64');
      return { params, words, found: embeddingLookup(params, words, { partitionStrategy }) };
    });
    const given = (partitionStrategy === 'mod' ? IN_TURN : CONSECUTIVE).map((part) => part.map((id) => [id, 10 * id]));
    const feeds = params.map((param, i) => [param, given[i]!] as const);
    const value = session.runSync(found, [...feeds, [words, ids]]) as HostArray;
    expect(value.toArray()).toEqual(rows);
    session.close();
  });

  it('of an id without a row fails when it runs', () => {
    expect(() => evaluate(() => embeddingLookup(tables([[0, 1]]), [2]))).toThrow(/indices\[0\] = 2 is not in \[0, 2\)/);
  });

  it.each<[string, () => Tensor, string]>([
    ['no tables', () => embeddingLookup([], [1]), 'embeddingLookup needs a table'],
    [
      'an unknown strategy',
      () => embeddingLookup(tables(IN_TURN), [1], { partitionStrategy: 'rows' as 'mod' }),
      "option 'partitionStrategy' is one of 'mod', 'div', not 'rows'",
    ],
  ])('refuses %s', (_title, build, message) => {
    new Graph().asDefault(() => expect(build).toThrow(message));
  });

  it('reads a variable where that is, under the names of TensorFlow 1', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const table = new Variable(
        [
          [1, 2],
          [3, 4],
        ],
        { name: 'table' },
      );
      embeddingLookup(table, placeholder('int32', [3]));
    });
    expect(graph.getOperationByName('embedding_lookup').colocationGroups()).toEqual(['loc:@table']);
    expect(namesOf(() => embeddingLookup(placeholder('float32', [4, 3]), [1, 2]))).toBe(
      'embedding_lookup/ids embedding_lookup/axis embedding_lookup embedding_lookup/Identity',
    );
  });
});

describeGradients(
  [
    ['embeddingLookup', (x) => embeddingLookup(x, [[2, 0, 2]]), [wave([3, 2])]],
    [
      'embeddingLookup in turn',
      (x, y) =>
        embeddingLookup(
          [x, y],
          [
            [2, 0, 3],
            [1, 2, 2],
          ],
        ),
      [wave([2, 2]), wave([2, 2])],
    ],
    [
      'embeddingLookup of consecutive tables',
      (x, y) => embeddingLookup([x, y], [2, 0, 2, 1], { partitionStrategy: 'div' }),
      [wave([2, 2]), wave([1, 2])],
    ],
  ],
  { native: false },
);
