import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { type HostArray, toHostArray } from '../../runtime/hostArray';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { IndexedSlicesValue, Session } from '../session';
import { identity } from './array';
import { clipByGlobalNorm, clipByNorm, clipByValue, globalNorm } from './clip';
import { constant, placeholder } from './constants';
import { group, tuple } from './control';
import { addN, mul } from './elementwise/binary';
import { cast } from './elementwise/cast';
import { IndexedSlices } from './indexedSlices';

let graph: Graph;
let session: Session;
const warnings: string[] = [];
const warned = (warning: Error) => warnings.push(warning.message);

beforeEach(() => {
  graph = new Graph();
  session = new Session({ graph });
  warnings.length = 0;
  process.on('warning', warned);
});
afterEach(() => {
  process.off('warning', warned);
  return session.close();
});

const inGraph = <T>(build: () => T): T => graph.asDefault(build);

/** Rows 2, 0 and 2 again of a matrix of four rows. */
const rows = () =>
  new IndexedSlices<'float32'>(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [2, 0, 2],
    [4, 2],
  );

const WHOLE = [
  [3, 4],
  [0, 0],
  [6, 8],
  [0, 0],
];

const arrayOf = (tensor: Tensor) => (session.runSync(tensor) as HostArray).toArray();

/** What a sparse tensor has, when it runs. */
function partsOf(tensor: Tensor) {
  expect(tensor).toBeInstanceOf(IndexedSlices);
  const { values, indices, denseShape } = session.runSync(tensor as IndexedSlices<'float32'>);
  return [values.toArray(), indices.toArray(), denseShape?.toArray()];
}

describe('IndexedSlices', () => {
  it('have the name, the dtype and the graph of their rows, and the shape of the whole', () => {
    const slices = inGraph(rows);
    expect(slices).toMatchObject({ name: 'values:0', dtype: 'float32', graph, shape: [4, 2], rank: 2 });
    expect(String(slices)).toBe(
      "IndexedSlices(indices=Tensor 'indices:0' int32 [3], values=Tensor 'values:0' float32 [3, 2], denseShape=Tensor 'dense_shape:0' int32 [2])",
    );
    expect(inGraph(() => new IndexedSlices(constant([[1, 2]]), [0])).shape).toEqual([null, 2]);
  });

  it('are fetched as their parts, from which the whole can be read', () => {
    const value = session.runSync({ gradient: inGraph(rows) }).gradient;
    expectTypeOf(value).toEqualTypeOf<IndexedSlicesValue<'float32'>>();
    expect(value.values.toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(value).toMatchObject({ dtype: 'float32', shape: [4, 2], size: 8, rank: 2 });
    expect([...value.indices.data]).toEqual([2, 0, 2]);
    expect(Object.keys(value)).toEqual(['values', 'indices', 'denseShape']);
    expect(value.toArray()).toEqual(WHOLE);
    expect(value.at(2, 1)).toBe(8);
    expect(String(value)).toMatch(/^IndexedSlicesValue \{\s+values: HostArray float32 \[3, 2\]/);
  });

  it('of an unknown whole are fetched too, but have no dense form', () => {
    const slices = inGraph(() => new IndexedSlices([[1, 2]], [0]));
    const value = session.runSync(slices);
    expect(value.denseShape).toBeNull();
    expect(() => value.data).toThrow('these rows have no denseShape');
    expect(() => inGraph(() => mul(slices, 2))).toThrow("can't become a dense tensor: it has no denseShape");
  });

  it('can be fed with the value of a run', () => {
    const { slices, doubled } = inGraph(() => {
      const slices = rows();
      return { slices, doubled: mul(slices, 2) };
    });
    const value = session.runSync(slices);
    value.values.data[0] = 10;
    expect(session.runSync(doubled, [[slices, value]]) as HostArray).toMatchObject({
      data: new Float32Array([6, 8, 0, 0, 30, 16, 0, 0]),
    });
    const one = new IndexedSlicesValue(
      toHostArray(
        [
          [1, 1],
          [0, 0],
          [0, 0],
        ],
        'float32',
      ),
      toHostArray([3, 0, 0], 'int32'),
      null,
    );
    expect((session.runSync(doubled, [[slices, one]]) as HostArray).data).toEqual(
      new Float32Array([0, 0, 0, 0, 0, 0, 2, 2]),
    );
    expect(() => session.runSync(doubled, [[slices, [1, 2]]])).toThrow('are fed with an IndexedSlicesValue');
  });

  it('are whole where an operation takes them', () => {
    expect(arrayOf(inGraph(() => mul(rows(), 1)))).toEqual(WHOLE);
    expect(arrayOf(inGraph(() => rows().value()))).toEqual(WHOLE);
  });

  it('are named as in Python where they become whole', () => {
    inGraph(() => mul(rows(), 1));
    const names = graph.operations.map(({ name }) => name).filter((name) => name.startsWith('Mul'));
    expect(names.join(' ')).toBe(
      'Mul/strided_slice/stack Mul/strided_slice/stack_1 Mul/strided_slice/stack_2 Mul/strided_slice Mul/x Mul/y Mul',
    );
  });

  it('warn where the whole is large, or of unknown shape, and only there', async () => {
    inGraph(() => {
      mul(rows(), 1);
      mul(new IndexedSlices([[1]], [0], placeholder('int32', [2])), 1);
      mul(new IndexedSlices([[1]], [0], [100_000_000, 1]), 1);
    });
    await new Promise(setImmediate);
    expect(warnings).toEqual([
      'Converting sparse IndexedSlices to a dense Tensor of unknown shape. This may consume a large amount of memory.',
      'Converting sparse IndexedSlices to a dense Tensor with 100000000 elements. This may consume a large amount of memory.',
    ]);
  });

  it.each<[string, () => IndexedSlices, string]>([
    ['too few indices', () => new IndexedSlices([[1], [2]], [0]), 'needs an index for each of its rows'],
    ['rows that the whole has not', () => new IndexedSlices([[1, 2]], [0], [4, 3]), 'differ'],
    [
      'another graph',
      () =>
        new IndexedSlices(
          constant([1]),
          new Graph().asDefault(() => constant([0], { dtype: 'int32' })),
        ),
      'another graph',
    ],
  ])('are refused with %s', (_title, build, message) => {
    expect(() => inGraph(build)).toThrow(message);
  });

  it('are no input of createOperation, which takes tensors as they are', () => {
    expect(() => graph.createOperation('Neg', [inGraph(rows)])).toThrow('is not one tensor; its value() is');
    expect(() => graph.createOperation('AddN', [[inGraph(rows)]])).toThrow('is not one tensor; its value() is');
  });
});

describe('sparse stays', () => {
  const [VALUES, INDICES, SHAPE] = [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [2, 0, 2],
    [4, 2],
  ];

  it('the sum of sparse tensors: all their rows, with indices of one dtype', () => {
    const wide = () => new IndexedSlices<'float32'>([[7, 8]], constant([1n]), [4, 2]);
    expect(partsOf(inGraph(() => addN([rows(), rows()])))).toEqual([
      [...VALUES, ...VALUES],
      [...INDICES, ...INDICES],
      SHAPE,
    ]);
    expect(partsOf(inGraph(() => addN([rows(), wide()])))).toEqual([[...VALUES, [7, 8]], [2n, 0n, 2n, 1n], SHAPE]);
    const mixed = inGraph(() => addN([rows(), constant(WHOLE)]));
    expect(mixed).not.toBeInstanceOf(IndexedSlices);
    expect(arrayOf(mixed)).toEqual(WHOLE.map((row) => row.map((value) => 2 * value)));
  });

  it.each<[string, () => Tensor, number[][]]>([
    [
      'clipByValue',
      () => clipByValue(rows(), 2, 5),
      [
        [2, 2],
        [3, 4],
        [5, 5],
      ],
    ],
    [
      'clipByNorm, by the norm of the rows',
      () => clipByNorm(rows(), Math.sqrt(91) / 2),
      [
        [0.5, 1],
        [1.5, 2],
        [2.5, 3],
      ],
    ],
    [
      'clipByGlobalNorm',
      () => clipByGlobalNorm([rows(), null], Math.sqrt(91) / 2)[0][0],
      [
        [0.5, 1],
        [1.5, 2],
        [2.5, 3],
      ],
    ],
    ['identity', () => identity(rows()), VALUES],
    ['tuple', () => tuple([rows(), constant(1)])[0], VALUES],
    ['cast to its own dtype', () => cast(rows(), 'float32'), VALUES],
    ['cast', () => cast(rows(), 'float64'), VALUES],
  ])('%s', (_title, build, expected) => {
    const [values, ...others] = partsOf(inGraph(build));
    expect((values as number[][]).flat().map((value) => Number(value.toFixed(5)))).toEqual(expected.flat());
    expect(others).toEqual([INDICES, SHAPE]);
  });

  it('globalNorm, which measures the rows as they are', () => {
    expect(session.runSync(inGraph(() => globalNorm([rows(), constant([3])])))).toBeCloseTo(10, 5);
  });

  it('group, which waits for every part', () => {
    const all = inGraph(() => group([rows()], { name: 'all' }));
    expect(all.controlInputs.map(({ name }) => name).sort()).toEqual(['dense_shape', 'indices', 'values']);
  });
});
