/** Models that Python's TensorFlow has saved, answering here. python.test.ts has more of them, where there is a Python. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { inOrder, kept, unpack } from './kept';
import { plainValues } from './plain';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kept-models-'));
  for (const name of Object.keys(kept)) unpack(name, path.join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each(Object.keys(kept))('%s, saved by Python, answers here as there', async (name) => {
  for (const { tags, signature, feeds, values } of kept[name]!.answers) {
    await using model = await tf.savedModel.open(path.join(folder, name), { tags });
    expect(plainValues(await model.signatures[signature]!(feeds))).toEqual(values);
  }
});

it.each(Object.keys(kept))('%s is shown as saved_model_cli shows it', async (name) => {
  expect(String(await tf.savedModel.inspect(path.join(folder, name)))).toBe(inOrder(kept[name]!.shown));
});

describe('a signature of ragged and sparse tensors', () => {
  const open = () => tf.savedModel.open(path.join(folder, 'ragged_and_sparse'));

  it('takes and gives values of TensorFlow’s classes too', async () => {
    await using model = await open();
    const flat = tf.hostArray([1, 2, 3]);
    const rows = new tf.ragged.RaggedTensorValue(flat, [tf.hostArray([0, 1, 1, 3], 'int64')]);
    const { tripled } = await model.signatures.ragged!({ rows });
    expect(tripled).toBeInstanceOf(tf.ragged.RaggedTensorValue);
    expect((tripled as tf.ragged.RaggedTensorValue).toList()).toEqual([[3], [], [6, 9]]);
    await expect(model.signatures.deep!({ deep: rows })).rejects.toThrow(
      'it has 2 ragged dimension(s), and the value 1',
    );
    const sparse = new tf.SparseTensorValue({ indices: [[1, 0]], values: [2], denseShape: [2, 4] }, 'float32');
    const { negative } = await model.signatures.sparse!({ sparse });
    expect(negative).toBeInstanceOf(tf.SparseTensorValue);
    expect((negative as tf.SparseTensorValue).values.toArray()).toEqual([-2]);
  });

  it('takes batches without rows, and without elements', async () => {
    await using model = await open();
    const tripled = async (rows: tf.savedModel.SignatureInput) =>
      plainValues(await model.signatures.ragged!({ rows })).tripled;
    expect([await tripled([]), await tripled([[], []])]).toEqual([[], [[], []]]);
    const sparse = { indices: [], values: [], denseShape: [2, 4] };
    expect(plainValues(await model.signatures.sparse!({ sparse })).product).toEqual([[0], [0]]);
  });

  it.each([
    [
      'ragged',
      { rows: [1, 2] },
      /^'rows' of signature 'ragged' is a ragged tensor of float32, rows nested 2 deep, such as \[\[1, 2\], \[\], \[3\]\]: /,
    ],
    [
      'ragged',
      { rows: [['a']] },
      /^'rows' of signature 'ragged' is a ragged tensor of float32.*expected float32, got 'a'/,
    ],
    ['deep', { deep: [[1], [2]] }, /^'deep' of signature 'deep' is a ragged tensor of int32, rows nested 3 deep/],
    [
      'sparse',
      { sparse: [[1, 2]] },
      /^'sparse' of signature 'sparse' is a sparse tensor of float32.*has indices, values and a denseShape$/,
    ],
    [
      'sparse',
      { sparse: { indices: [[0, 1]], values: [1, 2], denseShape: [2, 4] } },
      /a sparse value of 2 elements has indices of shape \[2, 2\], not \[1, 2\]$/,
    ],
    [
      'sparse',
      { sparse: { indices: [[0, 1]], values: [1], denseShape: [2] } },
      /a sparse value of 1 elements has indices of shape \[1, 1\], not \[1, 2\]$/,
    ],
  ] as const)('refuses what fits none, by the name of the input: %s %j', async (signature, feeds, message) => {
    await using model = await open();
    await expect(model.signatures[signature]!(feeds as never)).rejects.toThrow(message);
  });

  it('is told as such without being loaded', async () => {
    const [graph] = (await tf.savedModel.inspect(path.join(folder, 'ragged_and_sparse'))).metaGraphs;
    expect([graph!.signatures.ragged!.inputs.rows!.composite, graph!.signatures.sparse!.inputs.sparse]).toEqual([
      'RaggedTensorSpec',
      { name: undefined, dtype: 'DT_FLOAT', shape: [-1, 4], composite: 'sparse' },
    ]);
  });
});

it('loads several models into one graph, whose functions, variables and tables are called the same', async () => {
  await using session = new tf.Session({ graph: new tf.Graph() });
  const scopes = ['halves', 'module_of_halves', 'module_with_a_vocabulary', 'again/module_with_a_vocabulary'];
  for (const scope of scopes)
    await tf.savedModel.load(session, ['serve'], path.join(folder, path.basename(scope)), { importScope: scope });
  const ask = (scope: string, feeds: [string, tf.ArrayLike][], output: string) =>
    session.run(
      `${scope}/${output}`,
      feeds.map(([name, value]) => [`${scope}/${name}`, value] as const),
    );
  for (const scope of scopes.slice(2))
    expect(await ask(scope, [['serving_default_words:0', ['über', 'one']]], 'StatefulPartitionedCall:1')).toEqual(
      tf.hostArray([2n, 1n]),
    );
  const feeds: [string, tf.ArrayLike][] = [
    ['scaled_x:0', [[1, 2]]],
    ['scaled_b:0', [1, 0.1]],
  ];
  expect(await ask('module_of_halves', feeds, 'StatefulPartitionedCall:2')).toEqual(tf.hostArray([[0.10009765625, 6]]));
});
