import { describe, expect, it } from 'vitest';
import type { HostArray } from '../../runtime/hostArray';
import { checkGradients } from '../../testing/checkGradients';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { identity, tile, transpose } from '../ops/array';
import { constant, placeholder } from '../ops/constants';
import { cast, neg, square } from '../ops/elementwise';
import { add, sub } from '../ops/elementwise/binary';
import { IndexedSlices } from '../ops/indexedSlices';
import { gather, gatherNd, getItem, slice, where } from '../ops/indexing';
import { dynamicPartition, dynamicStitch } from '../ops/indexing/partition';
import { segmentMean, segmentSum, unsortedSegmentSum } from '../ops/indexing/segments';
import { concat } from '../ops/joining';
import { embeddingLookup } from '../ops/nn/embedding';
import { reduceSum } from '../ops/reduce';
import { Session } from '../session';
import { gradients } from './gradients';

type Table = Tensor<'float64', 'array'>;

const TABLE = [
  [1, 2],
  [3, 4],
  [5, 6],
  [7, 8],
];
const other = () => constant(TABLE, { dtype: 'float64' }) as Table;
const IDS = [2, 0, 2];

const sparse: [string, (table: Table) => Tensor][] = [
  ['gather', (table) => gather(table, IDS)],
  ['gather by indices of int64', (table) => gather(table, constant([2n, 0n, 2n]))],
  ['gather by a matrix of indices', (table) => gather(table, [IDS, IDS])],
  ['embeddingLookup', (table) => embeddingLookup(table, IDS)],
  ['gatherNd by one index a row', (table) => gatherNd(table, [[2], [0], [2]])],
  ['gather from an identity', (table) => gather(identity(table), IDS)],
  ['gather from a sum', (table) => gather(add(table, table), IDS)],
  ['gather from a difference', (table) => gather(sub(other(), table), IDS)],
  ['gather from a negative', (table) => gather(neg(table), IDS)],
  ['gather from what was cast', (table) => cast(gather(cast(table, 'float32'), IDS), 'float64')],
  ['several lookups', (table) => add(gather(table, IDS), gather(table, constant([1n, 0n, 1n])))],
  ['lookups in what was looked up', (table) => gather(gather(table, [3, 1]), [1, 0, 1])],
  ['gatherNd in what gatherNd gave', (table) => gatherNd(gatherNd(table, [[3], [1]]), [[1], [0], [1]])],
  ['a segment sum of lookups', (table) => segmentSum(gather(table, IDS), [0, 0, 1])],
  ['a segment mean of lookups', (table) => segmentMean(gather(table, IDS), [0, 0, 2])],
  ['an unsorted segment sum of lookups', (table) => unsortedSegmentSum(gather(table, IDS), [1, -1, 0], 2)],
  ['lookups in tables one below the other', (table) => gather(concat([other(), table, other()], 0), [6, 0, 6, 11])],
  ['lookups in tables side by side', (table) => gather(concat([other(), table, other()], -1), IDS)],
  ['lookups in several tables', (table) => embeddingLookup([table, other()], [5, 0, 1, 0, 6])],
  ['masked lookups', (table) => where([true, false, true], gather(table, IDS), gather(other(), IDS))],
];

const whole: [string, (table: Table) => Tensor][] = [
  ['gather along another axis', (table) => gather(table, [1, 0, 1], { axis: 1 })],
  ['gather of each batch', (table) => gather(table, [[1], [0], [1], [1]], { batchDims: 1 })],
  [
    'gatherNd by several indices',
    (table) =>
      gatherNd(table, [
        [2, 0],
        [0, 1],
        [2, 0],
      ]),
  ],
  ['a slice', (table) => slice(table, [1, 0], [2, 2])],
  ['a part', (table) => getItem(table, [[1, 3]])],
  ['lookups in a part', (table) => gather(getItem(table, [[1, 4]]), IDS)],
  ['lookups in a transposed table', (table) => gather(transpose(table), [1, 0, 1])],
  ['lookups in a tiled table', (table) => gather(tile(table, [2, 2]), [6, 0, 2, 6])],
  [
    'lookups in what was stitched',
    (table) =>
      gather(
        dynamicStitch(
          [
            [3, 2],
            [0, 1],
          ],
          [getItem(table, [[0, 2]]), getItem(table, [[2, 4]])],
        ),
        IDS,
      ),
  ],
  ['lookups in what was partitioned', (table) => gather(dynamicPartition(table, [0, 1, 0, 0], 2)[0]!, IDS)],
  ['lookups and the whole table', (table) => add(reduceSum(gather(table, IDS)), reduceSum(square(table)))],
];

describe.each([
  ['sparse', sparse, true],
  ['dense', whole, false],
] as const)('the gradient is %s and right', (_kind, cases, isSparse) => {
  it.each(cases)('of %s', (title, build) => {
    const graph = new Graph();
    const gradient = graph.asDefault(() => {
      const table = other();
      return gradients(build(table), [table])[0];
    });
    expect(gradient instanceof IndexedSlices).toBe(isSparse);
    expect(gradient?.shape).toEqual([4, 2]);
    // Squares, so that the gradient of each row is its own.
    const squared = (table: Tensor) => square(build(table as Table)) as Tensor<'float64'>;
    const needsShapes = /partitioned|axis|side by side|transposed/.test(title);
    const coarse = /cast/.test(title) ? { tolerance: 1e-2, delta: 1e-2 } : {};
    checkGradients(squared, [TABLE], { ...coarse, unknownShapes: !needsShapes });
  });
});

describe('sparse gradients', () => {
  const inGraph = <T>(build: () => T): { graph: Graph; built: T } => {
    const graph = new Graph();
    return { graph, built: graph.asDefault(build) };
  };

  it('have the rows of each lookup, those of one index apart', () => {
    const { graph, built } = inGraph(() => {
      const table = other();
      return gradients([gather(table, IDS), gather(table, constant([1n]))], [table])[0]! as IndexedSlices<'float64'>;
    });
    const { values, indices, denseShape } = new Session({ graph }).runSync(built);
    expect(values.toArray()).toEqual(Array(4).fill([1, 1]));
    expect([...indices.data]).toEqual([2n, 0n, 2n, 1n]);
    expect(denseShape?.toArray()).toEqual([4, 2]);
  });

  it('begin with sparse gradYs', () => {
    const { graph, built } = inGraph(() => {
      const x = other();
      const given = new IndexedSlices<'float64'>(constant([[1, 2]], { dtype: 'float64' }), [3], [4, 2]);
      return { x, gradient: gradients([neg(x)], [x], { gradYs: [given] })[0]! as IndexedSlices<'float64'> };
    });
    const { x, gradient } = built;
    const value = new Session({ graph }).runSync(gradient);
    expect([value.values.toArray(), [...value.indices.data]]).toEqual([[[-1, -2]], [3]]);
    expect(() =>
      graph.asDefault(() => gradients(neg(x), [x], { gradYs: [new IndexedSlices<'float64'>([[1, 2]], [3], [5, 2])] })),
    ).toThrow("which can't be a gradient of");
  });

  it('of what was looked up are dense, and zeros are where nothing depends on a table', () => {
    const { built } = inGraph(() => {
      const table = other();
      const rows = gather(table, IDS);
      const lonely = other();
      return gradients(square(rows), [table, rows, lonely], { unconnectedGradients: 'zero' });
    });
    expect(built.map((gradient) => gradient instanceof IndexedSlices)).toEqual([true, false, false]);
  });

  it('can be differentiated again', () => {
    const { graph, built } = inGraph(() => {
      const table = other();
      const [first] = gradients(square(square(gather(table, IDS))), [table]);
      return gradients(first!, [table])[0];
    });
    const value = new Session({ graph }).runSync(built!);
    // The sum over the copies of 12 w².
    expect(value.toArray()).toEqual([
      [12, 48],
      [0, 0],
      [2 * 12 * 25, 2 * 12 * 36],
      [0, 0],
    ]);
  });

  it('are gated by their rows', () => {
    const { built } = inGraph(() => {
      const tables = [other(), other()] as const;
      return gradients(gather(add(...tables), IDS), tables, { gateGradients: true });
    });
    const sparse = built.filter((gradient) => gradient instanceof IndexedSlices);
    expect(sparse).toHaveLength(2);
    for (const gradient of sparse) {
      const gate = gradient.op.controlInputs.map(({ name }) => name);
      expect([gradient.op.type, gate]).toEqual(['Identity', ['gradients/Add_grad/tuple/group_deps']]);
    }
  });

  it('are those of the variable that a handle stands for', () => {
    const { graph, built } = inGraph(() => {
      const attributes = { dtype: 'float64', shape: [4, 2], shared_name: 'table' } as const;
      const handle = applyOne('VarHandleOp', [], attributes);
      const init = handle.graph.createOperation('AssignVariableOp', [handle, other()], { dtype: 'float64' });
      const ids = placeholder('int32', [3]);
      const rows = applyOne('ResourceGather', [handle, ids], { dtype: 'float64' });
      const places = applyOne('ExpandDims', [ids, 1]);
      const same = applyOne('ResourceGatherNd', [handle, places], { dtype: 'float64' });
      const gradient = gradients([square(rows), square(same)], [handle])[0]! as IndexedSlices<'float64'>;
      return { init, ids, gradient };
    });
    expect(built.gradient).toBeInstanceOf(IndexedSlices);
    expect(built.gradient.shape).toEqual([4, 2]);
    const session = new Session({ graph });
    session.runSync(built.init);
    const value = session.runSync(built.gradient, [[built.ids, IDS]]) as HostArray<'float64'>;
    expect(value.toArray()).toEqual([
      [4, 8],
      [0, 0],
      [40, 48],
      [0, 0],
    ]);
  });
});
