import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maskedCrc32c } from '../../runtime/crc32c';
import { DataLossError, InvalidArgumentError } from '../../runtime/errors';
import { Graph } from '../graph/graph';
import {
  cast,
  fixedSizePartitioner,
  getVariable,
  nn,
  type PartitionedVariable,
  type Partitioner,
  reduceSum,
  variableScope,
  zeros,
} from '../ops';
import { constant } from '../ops/constants';
import { globalVariablesInitializer, Variable } from '../ops/variables';
import { Session } from '../session';
import { importMetaGraph, listVariables, loadVariable, MomentumOptimizer, Saver, type SaverOptions } from '.';

/** What Python has written: `extract_partitioned.py` says how. */
const python: Record<'whole' | 'sharded', Record<string, string>> = JSON.parse(
  readFileSync(path.join(__dirname, '../../../../tests/golden/partitioned.json'), 'utf8'),
);

const { embeddingLookup } = nn;

let folder: string;
let model: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'partitioned-'));
  model = path.join(folder, 'model');
});
afterEach(() => rmSync(folder, { recursive: true }));

function writePythons(which: 'whole' | 'sharded'): void {
  for (const [name, base64] of Object.entries(python[which]))
    writeFileSync(path.join(folder, name), Buffer.from(base64, 'base64'));
}

const counting = (rows: number, columns: number, start: number): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => start + i * columns + j));

/** What the variables of Python's script hold. */
const pythons = [counting(10, 4, 0), counting(2, 7, 100), 7n];

/** The variables of Python's script, divided as one likes, with other values unless they are to be the same. */
function net(ofWords?: Partitioner, ofWide?: Partitioner, options: SaverOptions & { isSame?: boolean } = {}) {
  const { isSame = false, ...ofSaver } = options;
  const graph = new Graph();
  return graph.asDefault(() => {
    const onDevices = ({ name }: { name: string }) => (name.endsWith('1') ? '/cpu:1' : '/cpu:0');
    const variables = variableScope('net', () =>
      graph.device(onDevices, (): (Variable | PartitionedVariable)[] => [
        getVariable<PartitionedVariable>('words', {
          initializer: counting(10, 4, isSame ? 0 : -50),
          partitioner: ofWords,
        }),
        getVariable<PartitionedVariable>('wide', {
          initializer: counting(2, 7, isSame ? 100 : 0),
          partitioner: ofWide,
        }),
        getVariable('step', { initializer: constant(isSame ? 7 : 0, { dtype: 'int64' }) }),
      ]),
    );
    const saver = new Saver(null, ofSaver);
    const session = new Session({ graph, config: { deviceCount: { CPU: 2 } } });
    const wholes = variables.map((variable) => ('asTensor' in variable ? variable.asTensor() : variable));
    session.runSync(globalVariablesInitializer());
    return { graph, saver, session, values: () => session.runSync(wholes).map(toPlain) };
  });
}

const toPlain = (value: unknown) => (typeof value === 'object' ? (value as { toArray(): unknown }).toArray() : value);

const three = fixedSizePartitioner(3);
const columns = fixedSizePartitioner(2, { axis: 1 });

describe('a checkpoint of partitioned variables that Python wrote', () => {
  it.each(['whole', 'sharded'] as const)('is read as whole tensors (%s)', (which) => {
    writePythons(which);
    expect(listVariables(model)).toEqual([
      ['net/step', []],
      ['net/wide', [2, 7]],
      ['net/words', [10, 4]],
    ]);
    expect(loadVariable(model, 'net/wide').toArray()).toEqual(pythons[1]);
    expect(loadVariable(model, 'net/words').toArray()).toEqual(pythons[0]);
  });

  it.each([
    ['the same parts', three, columns],
    ['other parts', fixedSizePartitioner(4), fixedSizePartitioner(7, 1)],
    ['parts along the other dimension', fixedSizePartitioner(2, 1), fixedSizePartitioner(2)],
    ['one part', fixedSizePartitioner(1), fixedSizePartitioner(1)],
    ['variables in one piece', undefined, undefined],
  ])('is restored into %s', (_, ofWords, ofWide) => {
    for (const sharded of [false, true]) {
      writePythons(sharded ? 'sharded' : 'whole');
      const { saver, session, values } = net(ofWords, ofWide, { sharded });
      expect(values()).not.toEqual(pythons);
      saver.restoreSync(session, model);
      expect(values()).toEqual(pythons);
    }
  });

  it.each(['whole', 'sharded'] as const)('is what this library writes, byte for byte (%s)', (which) => {
    const { saver, session } = net(three, columns, { isSame: true, sharded: which === 'sharded' });
    saver.saveSync(session, model, { writeMetaGraph: false, writeState: false });
    const written = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name)).toString('base64')]);
    expect(Object.fromEntries(written)).toEqual(python[which]);
  });
});

describe('a saver', () => {
  it('refuses a checkpoint whose whole tensor has another shape before it restores anything', () => {
    writePythons('sharded');
    new Graph().asDefault(() => {
      const words = getVariable('net/words', [10, 5], { partitioner: three });
      const step = getVariable('net/step', { initializer: constant(1, { dtype: 'int64' }) });
      const saver = new Saver({ 'net/words': words, 'net/step': step }, { sharded: true });
      const session = new Session();
      session.runSync(globalVariablesInitializer());
      const restoring = () => saver.restoreSync(session, model);
      expect(restoring).toThrow(InvalidArgumentError);
      expect(restoring).toThrow('lhs shape= [10,5] rhs shape= [10,4]');
      expect(session.runSync(step)).toBe(1n);
    });
  });

  it('saves the slots of parts with them, and all of it goes into a MetaGraphDef', () => {
    const build = (partitioner: Partitioner) =>
      new Graph().asDefault(() => {
        const words = getVariable('words', [5, 2], { partitioner });
        const loss = reduceSum(embeddingLookup(words, [1, 4], { partitionStrategy: 'div' }));
        const train = new MomentumOptimizer(0.5, 0.9).minimize(loss);
        const init = globalVariablesInitializer();
        return { words: words.asTensor(), train, init, saver: new Saver(), session: new Session() };
      });
    const { words, train, init, saver, session } = build(fixedSizePartitioner(2));
    session.runSync(init);
    for (let i = 0; i < 3; i++) session.runSync(train);
    saver.saveSync(session, model);
    expect(listVariables(model)).toEqual([
      ['words', [5, 2]],
      ['words/Momentum', [5, 2]],
    ]);
    expect(loadVariable(model, 'words/Momentum').toArray()).toEqual(
      [0, 2.71, 0, 0, 2.71].map((value) => [value, value].map((value) => expect.closeTo(value, 5))),
    );
    const other = build(fixedSizePartitioner(3));
    other.saver.restoreSync(other.session, model);
    expect(toPlain(other.session.runSync(other.words))).toEqual(toPlain(session.runSync(words)));

    const graph = new Graph();
    const again = graph.asDefault(() => importMetaGraph(`${model}.meta`))!;
    const parts = graph.getCollection('trainable_variables');
    expect(parts[1]!.saveSliceInfo).toMatchObject({ fullName: 'words', varOffset: [3, 0] });
    const imported = new Session({ graph });
    again.restoreSync(imported, model);
    const anew = graph.asDefault(() => new Saver(parts));
    anew.saveSync(imported, path.join(folder, 'anew'));
    expect(loadVariable(path.join(folder, 'anew'), 'words').toArray()).toEqual(toPlain(session.runSync(words)));
  });
});

describe('an index that lies', () => {
  /** Has the model's index say [127, 4] in place of [10, 4]. */
  function lie(): void {
    const index = readFileSync(`${model}.index`);
    const isEnd = (at: number) => maskedCrc32c(index, 0, at + 1) === index.readUInt32LE(at + 1);
    const end = Array.from({ length: index.length - 5 }, (_, at) => at).find((at) => at > 0 && isEnd(at))!;
    const sizes = Buffer.from([0x12, 0x08, 0x12, 0x02, 0x08, 10, 0x12, 0x02, 0x08, 4]); // [10, 4]
    const at = index.indexOf(sizes);
    expect(at).toBeGreaterThan(0);
    index[at + 5] = 127;
    index.writeUInt32LE(maskedCrc32c(index, 0, end + 1), end + 1);
    writeFileSync(`${model}.index`, index);
  }

  it('about parts is refused: libtensorflow would make room for what it says', () => {
    writePythons('whole');
    lie();
    expect(() => listVariables(model)).toThrow(DataLossError);
    expect(() => loadVariable(model, 'net/words')).toThrow(
      "'net/words' claims to be float32 [127, 4], and has 216 bytes",
    );
  });

  it('about what JavaScript can not hold is refused, too', async () => {
    for (const [dtype, bytes] of [
      ['float16', 80],
      ['complex64', 320],
    ] as const) {
      const graph = new Graph();
      const value = graph.asDefault(() => new Variable(cast(zeros([10, 4]), dtype), { name: 'value' }));
      await using session = new Session({ graph });
      session.runSync(value.initializer);
      graph.asDefault(() => new Saver([value])).saveSync(session, model);
      lie();
      expect(() => listVariables(model)).toThrow(`'value' claims to be ${dtype} [127, 4], and has ${bytes} bytes`);
    }
  });
});
