/** Folders that are no saved model, or no whole one: one clear error each, and nothing is lost. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kept, unpack } from '../../../../tests/savedModels/kept';
import { type MetaGraphDef, SavedModel } from '../../protos';
import { repetitions } from '../../testing/repetitions';
import * as tf from '..';

const ORIGINALS = ['ours', 'module_with_a_vocabulary', 'ragged_and_sparse', 'loop_and_branch'] as const;
type Original = (typeof ORIGINALS)[number];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'damaged-models-'));
  for (const name of ORIGINALS) if (name !== 'ours') unpack(name, path.join(folder, name));
  const graph = new tf.Graph();
  const [x, y, init] = graph.asDefault(() => {
    const x = tf.placeholder('float32', [null, 2], { name: 'x' });
    const y = tf.matmul(x, new tf.Variable([[1], [2]], { useResource: true, name: 'w' }), { name: 'y' });
    return [x, tf.add(y, new tf.Variable(1, { name: 'b' })), tf.globalVariablesInitializer()] as const;
  });
  const session = new tf.Session({ graph });
  await session.run(init);
  await tf.savedModel.simpleSave(session, path.join(folder, 'ours'), { x }, { y });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
/** A copy of a model, to be damaged. */
function copyOf(name: Original): string {
  const copy = path.join(folder, `copy ${++copies} ü [x]`);
  cpSync(path.join(folder, name), copy, { recursive: true });
  return copy;
}

/** Changes what a model says. */
function edit(place: string, change: (graph: MetaGraphDef, model: SavedModel) => unknown): void {
  const file = path.join(place, 'saved_model.pb');
  const model = SavedModel.decode(readFileSync(file));
  change(model.metaGraphs[0]!, model);
  writeFileSync(file, SavedModel.encode(model));
}

const DATA = 'variables/variables.data-00000-of-00001';
const INDEX = 'variables/variables.index';

/** What is wrong, and what is said of it. */
const DAMAGES: Readonly<Record<string, readonly [Original, (place: string) => void, RegExp]>> = {
  'nothing there': ['ours', (at) => rmSync(at, { recursive: true }), /^there is no folder /],
  'an empty folder': [
    'ours',
    emptied,
    /is no folder of a saved model: there is neither saved_model\.pb nor saved_model\.pbtxt in it$/,
  ],
  'a file in its place': [
    'ours',
    (at) => replace(at, (to) => writeFileSync(to, 'x')),
    /is a file, and a saved model is a folder$/,
  ],
  'a link to itself': ['ours', (at) => replace(at, (to) => symlinkSync(to, to)), /^could not look for .*ELOOP/],
  'a model that is a link to itself': ['ours', inPlaceOf('saved_model.pb', (to) => symlinkSync(to, to)), /ELOOP/],
  'a model that is a folder': [
    'ours',
    inPlaceOf('saved_model.pb', (to) => mkdirSync(to)),
    /saved_model\.pb is damaged: it is no file$/,
  ],
  'a model that is a device': [
    'ours',
    inPlaceOf('saved_model.pb', (to) => symlinkSync('/dev/zero', to)),
    /saved_model\.pb is damaged: it is no file$/,
  ],
  'a model that is a pipe': [
    'ours',
    inPlaceOf('saved_model.pb', (to) => execFileSync('mkfifo', [to])),
    /saved_model\.pb is damaged: it is no file$/,
  ],
  'an empty model': ['ours', (at) => truncateSync(path.join(at, 'saved_model.pb'), 0), /it has no graph$/],
  'a model of 3 GB': [
    'ours',
    (at) => truncateSync(path.join(at, 'saved_model.pb'), 3e9),
    /has 3000000000 bytes, and a protocol buffer less than 2 GiB$/,
  ],
  'words in the place of a model': [
    'ours',
    (at) => writeFileSync(path.join(at, 'saved_model.pb'), 'no model'),
    /saved_model\.pb is damaged: /,
  ],
  'half of a model': ['ours', (at) => halve(path.join(at, 'saved_model.pb')), /saved_model\.pb is damaged: /],
  'a text that is none': [
    'loop_and_branch',
    (at) => writeFileSync(path.join(at, 'saved_model.pbtxt'), 'meta_graphs { nod'),
    /saved_model\.pbtxt is damaged: .*line 1, column 15: /,
  ],
  'a later version of the format': [
    'ours',
    (at) => edit(at, (_, model) => Object.assign(model, { savedModelSchemaVersion: 7 })),
    /is of version 7 of the format, and what is read here is version 1$/,
  ],
  'a later version of graphs': [
    'ours',
    (at) => edit(at, ({ graphDef }) => Object.assign(graphDef!, { versions: { producer: 99999, minConsumer: 99999 } })),
    /min consumer version 99999/,
  ],
  'no graph': [
    'ours',
    (at) => edit(at, (graph) => delete graph.graphDef),
    /its graph with the tags \['serve'\] is missing$/,
  ],
  'an unknown operation': [
    'ours',
    (at) => edit(at, ({ graphDef }) => rename(graphDef!.node, 'MatMul', 'MatMwl')),
    /^node 'y' of the GraphDef is of type 'MatMwl', which TensorFlow [\d.]+ doesn't have\n/,
  ],
  'an unknown operation in a function': [
    'module_with_a_vocabulary',
    (at) =>
      edit(at, ({ graphDef }) =>
        rename(
          graphDef!.library!.function.flatMap(({ nodeDef }) => nodeDef),
          'LookupTableFindV2',
          'LookUp',
        ),
      ),
    /^node '.*' of the function '.*' is of type 'LookUp'/,
  ],
  'a function that is missing': [
    'module_with_a_vocabulary',
    (at) => edit(at, ({ graphDef }) => graphDef!.library!.function.splice(0)),
    /function|not defined/i,
  ],
  'an input that is missing': ['ours', (at) => edit(at, ({ graphDef }) => graphDef!.node.splice(0, 1)), /x/],
  'a signature of a tensor that is missing': [
    'ours',
    (at) => edit(at, ({ signatureDef }) => Object.assign(signatureDef.serving_default!.outputs.y!, { name: 'z:0' })),
    /^'y' of signature 'serving_default': the graph has no operation named 'z'/,
  ],
  'a signature of an output that is missing': [
    'ours',
    (at) => edit(at, ({ signatureDef }) => Object.assign(signatureDef.serving_default!.outputs.y!, { name: 'y:9' })),
    /^'y' of signature 'serving_default': 'y:9' doesn't exist: y has 1 output/,
  ],
  'a signature of no tensor': [
    'ours',
    (at) => edit(at, ({ signatureDef }) => Object.assign(signatureDef.serving_default!.inputs.x!, { name: 'x' })),
    /^'x' of signature 'serving_default': 'x' is no tensor's name/,
  ],
  'a saver that is missing': [
    'ours',
    (at) => edit(at, ({ saverDef }) => Object.assign(saverDef!, { restoreOpName: 'elsewhere' })),
    /the saver of the MetaGraphDef names 'elsewhere'/,
  ],
  'what is first to be done missing': [
    'ours',
    (at) =>
      edit(at, (graph) =>
        Object.assign(graph.collectionDef, { saved_model_main_op: { nodeList: { value: ['elsewhere'] } } }),
      ),
    /'elsewhere'/,
  ],
  'no variables': [
    'ours',
    (at) => rmSync(path.join(at, 'variables'), { recursive: true }),
    /^there is no checkpoint .*variables\.index' doesn't exist\n/,
  ],
  'a file in the place of variables': [
    'ours',
    inPlaceOf('variables', (to) => writeFileSync(to, '')),
    /^there is no checkpoint /,
  ],
  'variables that are a link to themselves': ['ours', inPlaceOf('variables', (to) => symlinkSync(to, to)), /ELOOP/],
  'no index of variables': ['ours', (at) => rmSync(path.join(at, INDEX)), /^there is no checkpoint /],
  'an index that is cut off': [
    'ours',
    (at) => halve(path.join(at, INDEX)),
    /can't be read as the index of a checkpoint: /,
  ],
  'an index of another model': [
    'ours',
    (at) => cpSync(path.join(folder, 'ragged_and_sparse', INDEX), path.join(at, INDEX)),
    /Key b not found in checkpoint/,
  ],
  'no data of variables': ['ours', (at) => rmSync(path.join(at, DATA)), /variables\.data-00000-of-00001/],
  'data that is cut off': ['ours', (at) => halve(path.join(at, DATA)), /restoring from '/],
  'data that is changed': ['ours', (at) => flip(path.join(at, DATA), 3), /restoring from '/],
  'no variables of Python 2’s': [
    'module_with_a_vocabulary',
    (at) => rmSync(path.join(at, 'variables'), { recursive: true }),
    /variables/,
  ],
  'an index of another model of Python 2’s': [
    'module_with_a_vocabulary',
    (at) => cpSync(path.join(folder, 'ragged_and_sparse', INDEX), path.join(at, INDEX)),
    /not found in checkpoint/,
  ],
  'no asset': [
    'module_with_a_vocabulary',
    (at) => rmSync(path.join(at, 'assets'), { recursive: true }),
    /lacks the file assets\/more words\.txt, which its graph reads$/,
  ],
  'an asset that is a folder': [
    'module_with_a_vocabulary',
    inPlaceOf('assets/more words.txt', (to) => mkdirSync(to)),
    /lacks the file assets\/more words\.txt/,
  ],
  'an asset elsewhere': [
    'module_with_a_vocabulary',
    (at) => edit(at, ({ assetFileDef }) => Object.assign(assetFileDef[0]!, { filename: '../../words.txt' })),
    /'\.\.\/\.\.\/words\.txt' is no name of a file in its folder assets$/,
  ],
  'an asset of no tensor': [
    'module_with_a_vocabulary',
    (at) => edit(at, ({ assetFileDef }) => Object.assign(assetFileDef[0]!, { tensorInfo: undefined })),
    /''/,
  ],
  'an asset with a line twice': [
    'module_with_a_vocabulary',
    (at) => writeFileSync(path.join(at, 'assets/more words.txt'), 'zero\nzero\n'),
    /zero/,
  ],
};

function emptied(place: string): void {
  for (const name of readdirSync(place)) rmSync(path.join(place, name), { recursive: true });
}
function replace(place: string, make: (to: string) => void): void {
  rmSync(place, { recursive: true });
  make(place);
}
function inPlaceOf(name: string, make: (to: string) => void): (place: string) => void {
  return (place) => replace(path.join(place, name), make);
}
function halve(file: string): void {
  truncateSync(file, readFileSync(file).length >> 1);
}
function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 0x10;
  writeFileSync(file, bytes);
}
function rename(nodes: readonly { op: string }[], from: string, to: string): void {
  for (const node of nodes) if (node.op === from) node.op = to;
}

/** A graph with something in it, and a session that has values of it. */
async function inUse() {
  const graph = new tf.Graph();
  const w = graph.asDefault(() => new tf.Variable([1, 2], { name: 'kept', useResource: true }));
  const session = new tf.Session({ graph });
  await session.run(w.initializer);
  const state = () => ({
    graph: tf.GraphDef.decode(graph.toGraphDef()),
    collections: graph.getAllCollectionKeys().map((key) => [key, graph.getCollection(key).length]),
  });
  return { session, w, state, before: state() };
}

describe('a folder of a saved model with', () => {
  it.each(Object.keys(DAMAGES))(
    '%s is one error that says so, and nothing is added to the graph that it is loaded into',
    async (damage) => {
      const [name, spoil, message] = DAMAGES[damage]!;
      const place = copyOf(name);
      spoil(place);
      const { session, w, state, before } = await inUse();
      // Signatures are looked at where they become functions.
      const isOpened = damage.startsWith('a signature');
      const load = () => tf.savedModel.load(session, ['serve'], place, { importScope: 'loaded' });
      const error = await (isOpened ? tf.savedModel.open(place) : load()).then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      expect(error).toBeInstanceOf(tf.errors.TensorFlowError);
      expect(error!.message).toMatch(message);
      if (/^there is no/.test(error!.message)) expect(error).toBeInstanceOf(tf.errors.NotFoundError);
      if (/is damaged: /.test(error!.message)) expect(error).toBeInstanceOf(tf.errors.DataLossError);
      expect(error!.message).toContain(path.basename(place));
      expect(state()).toEqual(before);
      expect(await session.run(w)).toEqual(tf.hostArray([1, 2]));
      await session.close();
    },
  );

  it('names that are no text beside what it needs answers all the same', async () => {
    const place = copyOf('module_with_a_vocabulary');
    for (const within of ['', 'variables', 'assets'])
      writeFileSync(Buffer.concat([Buffer.from(path.join(place, within, 'x')), Buffer.of(0xff, 0xfe)]), '');
    await using model = await tf.savedModel.open(place);
    const { ids } = await model.signatures.serving_default!({ words: ['one'] });
    expect(ids).toEqual(tf.hostArray([1n]));
  });
});

/** A few damages, some of many files and some of what they say, chosen by a number. */
function damaged(i: number): string {
  let seed = i + 1;
  const below = (count: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % count;
  };
  for (let k = 0; k < 5; k++) below(2);
  const place = copyOf(ORIGINALS[i % ORIGINALS.length]!);
  const files = readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  // What the model says is of the most kinds.
  const file = below(2) === 0 ? files.find((name) => name.includes('saved_model.pb'))! : files[below(files.length)]!;
  const bytes = readFileSync(file);
  const kind = below(6);
  if (kind === 0) truncateSync(file, below(bytes.length + 1));
  else if (kind === 1) rmSync(file);
  else if (kind === 2) writeFileSync(file, Buffer.concat([bytes.subarray(0, below(bytes.length + 1)), bytes]));
  else {
    const count = 1 + below(3);
    for (let k = 0; k < count && bytes.length > 0; k++) {
      const at = below(bytes.length);
      bytes[at] = kind === 3 ? bytes[at]! ^ (1 << below(8)) : below(256);
    }
    writeFileSync(file, bytes);
  }
  return place;
}

it.each(Array.from({ length: repetitions(25, 450) }, (_, i) => i))(
  'a damaged folder is one clear error or a model, and never a crash (%i)',
  async (i) => {
    const place = damaged(i);
    try {
      await using model = await tf.savedModel.open(place);
      const name = ORIGINALS[i % ORIGINALS.length]!;
      const answers =
        name === 'ours' ? [{ signature: 'serving_default', feeds: { x: [[1, 2]] } }] : kept[name]!.answers;
      for (const { signature, feeds } of answers) await model.signatures[signature]!(feeds as never);
    } catch (error) {
      expect(error).toBeInstanceOf(tf.errors.TensorFlowError);
      expect((error as Error).message).not.toMatch(/undefined|\[object|Cannot read|is not a function/);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
);
