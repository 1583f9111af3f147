import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphDef } from '../../protos';
import {
  DataLossError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
  OutOfRangeError,
} from '../../runtime/errors';
import { GraphKeys } from '../graph/collections';
import { Graph } from '../graph/graph';
import { placeholder } from '../ops/constants';
import { zeros } from '../ops/creation';
import { add } from '../ops/elementwise';
import { Variable, variablesInitializer } from '../ops/variables';
import { Session } from '../session';
import { CheckpointReader, listVariables } from './checkpointReader';
import { getCheckpointState, latestCheckpoint } from './checkpointState';
import { Saver, type SaverOptions } from './saver';
import type { VariableList } from './saverOps';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'saver-'));
});
afterEach(() => {
  vi.useRealTimers();
  fs.rmSync(folder, { recursive: true });
});

const files = (in_ = folder) => fs.readdirSync(in_).sort();

/** Three variables of different dtypes and ranks, and a saver of them. */
function build(options: SaverOptions = {}, choose?: (variables: Variables) => VariableList) {
  const graph = new Graph();
  return graph.asDefault(() => {
    const weights = new Variable(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { name: 'layer/weights' },
    );
    const step = new Variable(7, { name: 'step', dtype: 'int64', trainable: false });
    const names = new Variable(['café', ''], { name: 'names', trainable: false });
    const variables = { weights, step, names };
    const saver = new Saver(choose?.(variables), options);
    const session = new Session({ graph });
    const init = variablesInitializer([weights, step, names]);
    const value = placeholder('float32', []);
    const assignment = weights.assign(add(zeros([2, 3]), value)).op;
    const set = (filling: number) => session.runSync(assignment, [[value, filling]]);
    const get = () => session.runSync(weights).toArray();
    return { graph, session, saver, init, set, get, ...variables };
  });
}

interface Variables {
  weights: Variable<'float32', 'array'>;
  step: Variable<'int64', 'scalar'>;
  names: Variable<'string', 'array'>;
}

const filled = (value: number) => [
  [value, value, value],
  [value, value, value],
];

describe("a saver's operations", () => {
  it("have Python's names, inputs, devices and attributes", () => {
    const { graph, saver } = build();
    const nodes = GraphDef.decode(graph.toGraphDef()).node.filter(({ name }) => name.startsWith('save/'));
    expect(nodes.map(({ name, op, input, device }) => `${name} ${op} ${input} ${device}`.trimEnd())).toEqual([
      'save/filename/input Const',
      'save/filename PlaceholderWithDefault save/filename/input',
      'save/Const PlaceholderWithDefault save/filename',
      'save/SaveV2/tensor_names Const',
      'save/SaveV2/shape_and_slices Const',
      'save/SaveV2 SaveV2 save/Const,save/SaveV2/tensor_names,save/SaveV2/shape_and_slices,layer/weights,names,step',
      'save/control_dependency Identity save/Const,^save/SaveV2',
      'save/RestoreV2/tensor_names Const  /device:CPU:0',
      'save/RestoreV2/shape_and_slices Const  /device:CPU:0',
      'save/RestoreV2 RestoreV2 save/Const,save/RestoreV2/tensor_names,save/RestoreV2/shape_and_slices /device:CPU:0',
      'save/Assign Assign layer/weights,save/RestoreV2',
      'save/Assign_1 Assign names,save/RestoreV2:1',
      'save/Assign_2 Assign step,save/RestoreV2:2',
      'save/restore_all NoOp ^save/Assign,^save/Assign_1,^save/Assign_2',
    ]);
    expect(graph.getOperationByName('save/Assign').attributes).toMatchObject({
      use_locking: true,
      validate_shape: true,
      _class: ['loc:@layer/weights'],
    });
    expect(graph.getOperationByName('save/control_dependency').attributes).toMatchObject({
      _class: ['loc:@save/Const'],
    });
    expect(saver.toProto()).toEqual({
      filenameTensorName: 'save/Const:0',
      saveTensorName: 'save/control_dependency:0',
      restoreOpName: 'save/restore_all',
      maxToKeep: 5,
      sharded: false,
      keepCheckpointEveryNHours: 10_000,
      version: 2,
    });
  });

  it('get a scope of their own where there is a saver already, or the scope that is asked for', () => {
    const { graph, weights } = build();
    expect(new Saver([weights]).saverDef.restoreOpName).toBe('save_1/restore_all');
    expect(new Saver([weights], { name: 'best' }).saverDef.restoreOpName).toBe('best/restore_all');
    expect(graph.getOperationByName('best/restore_all').controlInputs).toHaveLength(1);
  });

  it('are added to the graph of the variables, not to the default graph', () => {
    const { graph, weights } = build();
    new Graph().asDefault(() => expect(new Saver([weights]).graph).toBe(graph));
  });
});

describe('save and restore', () => {
  it('bring back every value, of every dtype', async () => {
    const { session, saver, init, set, get, step, names } = build();
    session.runSync(init);
    const prefix = await saver.save(session, path.join(folder, 'model.ckpt'), { globalStep: 1000 });
    expect(prefix).toBe(path.join(folder, 'model.ckpt-1000'));
    set(0);
    session.runSync([step.assign(0), names.assign(['a', 'b'])]);
    await saver.restore(session, prefix);
    expect(get()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(session.runSync([step, names]).map(String)).toEqual(['7', expect.anything()]);
    expect(session.runSync(names).data.map(String)).toEqual(['café', '']);
  });

  it('initialize the variables of another session, of a graph that was built anew', () => {
    const first = build();
    first.session.runSync(first.init);
    const prefix = first.saver.saveSync(first.session, path.join(folder, 'model.ckpt'));
    const second = build();
    second.saver.restoreSync(second.session, prefix);
    expect(second.get()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('write data, index, graph and state, and no other file', async () => {
    const { session, saver, init, step } = build();
    session.runSync(init);
    await saver.save(session, path.join(folder, 'new', 'folder', 'm'), { globalStep: step });
    const at = path.join(folder, 'new', 'folder');
    expect(files(at)).toEqual(['checkpoint', 'm-7.data-00000-of-00001', 'm-7.index', 'm-7.meta']);
    expect(latestCheckpoint(at)).toBe(path.join(at, 'm-7'));
    expect(listVariables(at)).toEqual([
      ['layer/weights', [2, 3]],
      ['names', [2]],
      ['step', []],
    ]);
  });

  it('leave out the graph and the state where they are told to', async () => {
    const { session, saver, init } = build();
    session.runSync(init);
    await saver.save(session, path.join(folder, 'm'), { writeMetaGraph: false, writeState: false });
    expect(files()).toEqual(['m.data-00000-of-00001', 'm.index']);
    expect(saver.lastCheckpoints).toEqual([]);
  });

  it.each([
    [1000n, 'm-1000'],
    ['step:0', 'm-7'],
    [0, 'm-0'],
  ])('put the step %s into the name', async (globalStep, name) => {
    const { session, saver, init } = build();
    session.runSync(init);
    expect(await saver.save(session, path.join(folder, 'm'), { globalStep })).toBe(path.join(folder, name));
    expect(saver.saveSync(session, path.join(folder, 'm'), { globalStep })).toBe(path.join(folder, name));
  });

  it('fill the step up with zeros where that is asked for', () => {
    const { session, saver, init } = build({ padStepNumber: true });
    session.runSync(init);
    expect(saver.saveSync(session, path.join(folder, 'm'), { globalStep: 42 })).toBe(path.join(folder, 'm-00000042'));
  });

  it('save chosen variables, under chosen names', () => {
    const { session, saver, init, weights, set, get } = build({}, ({ weights, step }) => ({
      w: weights,
      'a/step': step,
    }));
    session.runSync(init);
    const prefix = saver.saveSync(session, path.join(folder, 'm'));
    expect(listVariables(prefix)).toEqual([
      ['a/step', []],
      ['w', [2, 3]],
    ]);
    set(0);
    new Saver(new Map([['w', weights]])).restoreSync(session, prefix);
    expect(get()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('reshape where that is asked for', () => {
    const { session, saver, init } = build({}, ({ weights }) => ({ v: weights }));
    session.runSync(init);
    const prefix = saver.saveSync(session, path.join(folder, 'm'));
    const graph = new Graph();
    graph.asDefault(() => {
      const v = new Variable(
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        { name: 'v' },
      );
      const other = new Session({ graph });
      expect(() => new Saver([v]).restoreSync(other, prefix)).toThrow(InvalidArgumentError);
      new Saver([v], { reshape: true }).restoreSync(other, prefix);
      expect(other.runSync(v).toArray()).toEqual([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
    });
  });

  it('take a saver that the graph has already', () => {
    const { graph, session, saver, init, get } = build();
    session.runSync(init);
    const prefix = saver.saveSync(session, path.join(folder, 'm'));
    const { graph: other, session: otherSession, get: otherGet } = build();
    expect(get()).not.toBe(otherGet);
    Saver.fromProto(saver.toProto(), undefined, other).restoreSync(otherSession, prefix);
    expect(otherGet()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => Saver.fromProto(saver.toProto(), 'elsewhere', graph)).toThrow(NotFoundError);
  });

  it('save one after the other what is not awaited', async () => {
    const { session, saver, init, get } = build({ maxToKeep: 2 });
    session.runSync(init);
    const target = path.join(folder, 'm');
    const saved = await Promise.all(
      Array.from({ length: 8 }, (_, i) => saver.save(session, target, { globalStep: i % 3 })),
    );
    expect(saved).toHaveLength(8);
    expect(saver.lastCheckpoints).toEqual([`${target}-0`, `${target}-1`]);
    await saver.restore(session, `${target}-1`);
    expect(get()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(files()).toHaveLength(7);
  });
});

describe('old checkpoints', () => {
  const stepsOf = (prefixes: readonly string[]) => prefixes.map((prefix) => Number(prefix.split('-').at(-1)));
  const stepsThere = () =>
    stepsOf(
      files()
        .filter((name) => name.endsWith('.index'))
        .map((name) => name.slice(0, -6)),
    );

  it('are removed when there are more than maxToKeep, and the state file says so', () => {
    const { session, saver, init } = build({ maxToKeep: 2 });
    session.runSync(init);
    for (const globalStep of [1, 2, 3, 4]) saver.saveSync(session, path.join(folder, 'm'), { globalStep });
    expect(stepsThere()).toEqual([3, 4]);
    expect(files()).toHaveLength(7);
    expect(stepsOf(saver.lastCheckpoints)).toEqual([3, 4]);
    expect(stepsOf(getCheckpointState(folder)?.allModelCheckpointPaths ?? [])).toEqual([3, 4]);
  });

  it('count once where they are saved again, whichever way the folder is written', () => {
    const { session, saver, init } = build({ maxToKeep: 2 });
    session.runSync(init);
    for (const globalStep of [1, 2]) saver.saveSync(session, path.join(folder, 'm'), { globalStep });
    saver.saveSync(session, `${folder}/./m`, { globalStep: 1 });
    expect(stepsOf(saver.lastCheckpoints)).toEqual([2, 1]);
    expect(stepsThere()).toEqual([1, 2]);
  });

  it('all stay when maxToKeep is 0', () => {
    const { session, saver, init } = build({ maxToKeep: 0 });
    session.runSync(init);
    for (let globalStep = 0; globalStep < 7; globalStep++)
      saver.saveSync(session, path.join(folder, 'm'), { globalStep });
    expect(stepsThere()).toHaveLength(7);
    expect(stepsOf(getCheckpointState(folder)?.allModelCheckpointPaths ?? [])).toEqual([6]);
  });

  it('are kept for good every keepCheckpointEveryNHours', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const { session, saver, init } = build({ maxToKeep: 1, keepCheckpointEveryNHours: 2 });
    session.runSync(init);
    for (let hour = 0; hour < 8; hour++) {
      vi.setSystemTime(hour * 3600_000);
      saver.saveSync(session, path.join(folder, 'm'), { globalStep: hour });
    }
    // The first after two hours, the first after four, after six; and the newest.
    expect(stepsThere()).toEqual([3, 5, 7]);
  });

  it('are remembered by a program that starts again', () => {
    const first = build();
    first.session.runSync(first.init);
    for (const globalStep of [1, 2, 3]) first.saver.saveSync(first.session, path.join(folder, 'm'), { globalStep });
    const { session, saver } = build({ maxToKeep: 2 });
    saver.recoverLastCheckpoints([...first.saver.lastCheckpoints, path.join(folder, 'gone-9')]);
    expect(stepsOf(saver.lastCheckpoints)).toEqual([1, 2, 3]);
    saver.restoreSync(session, path.join(folder, 'm-3'));
    saver.saveSync(session, path.join(folder, 'm'), { globalStep: 4 });
    expect(stepsThere()).toEqual([3, 4]);
    saver.setLastCheckpoints([path.join(folder, 'm-4')]);
    saver.saveSync(session, path.join(folder, 'm'), { globalStep: 5 });
    expect(stepsThere()).toEqual([3, 4, 5]);
  });

  it('are not remembered across folders with relative names only', () => {
    const { session, saver, init } = build({ saveRelativePaths: true });
    session.runSync(init);
    saver.saveSync(session, path.join(folder, 'a', 'm'), { globalStep: 1 });
    fs.renameSync(path.join(folder, 'a'), path.join(folder, 'b'));
    expect(latestCheckpoint(path.join(folder, 'b'))).toBe(path.join(folder, 'b', 'm-1'));
  });
});

describe('what can not be saved', () => {
  it('no variables', () => {
    new Graph().asDefault(() => expect(() => new Saver()).toThrow('No variables to save'));
    expect(() => new Saver([])).toThrow(InvalidArgumentError);
    expect(() => new Saver({})).toThrow('No variables to save');
  });

  it.each<[string, (variables: Variables) => unknown, string]>([
    ['a tensor that is no variable', ({ weights }) => [weights.value()], "not a Variable: 'layer/weights/read'"],
    ['a variable outside of an array', ({ weights }) => weights, 'an array or a map'],
    ['something else', () => [3], 'not a Variable: 3'],
    ['a variable twice', ({ weights }) => [weights, weights], 'same name: layer/weights'],
    ['a variable under two names', ({ weights }) => ({ a: weights, b: weights }), "two names: 'a' and 'b'"],
    ['a variable of another graph', ({ step }) => [step, build().weights], 'another graph'],
  ])('%s', (_, choose, message) => {
    expect(() => build({}, choose as (variables: Variables) => VariableList)).toThrow(InvalidArgumentError);
    expect(() => build({}, choose as (variables: Variables) => VariableList)).toThrow(message);
  });

  it.each<[SaverOptions, string]>([
    [{ maxToKeep: -1 }, 'maxToKeep'],
    [{ maxToKeep: 1.5 }, 'maxToKeep'],
    [{ keepCheckpointEveryNHours: 0 }, 'keepCheckpointEveryNHours'],
  ])('with options that make no sense: %j', (options, message) => {
    expect(() => build(options)).toThrow(message);
  });

  it('a variable without a value: nothing is written, and what was saved before stays', async () => {
    const { session, saver, init } = build();
    const target = path.join(folder, 'm');
    await expect(saver.save(session, target)).rejects.toThrow(FailedPreconditionError);
    await expect(saver.save(session, target)).rejects.toThrow(`saving to '${target}'`);
    await expect(saver.save(session, target)).rejects.toThrow(/uninitialized value (layer\/weights|names|step)/);
    expect(files()).toEqual([]);
    session.runSync(init);
    await saver.save(session, target);
    const before = files().map((name) => [name, fs.readFileSync(path.join(folder, name), 'hex')]);
    const empty = build();
    expect(() => empty.saver.saveSync(empty.session, target)).toThrow(FailedPreconditionError);
    expect(files().map((name) => [name, fs.readFileSync(path.join(folder, name), 'hex')])).toEqual(before);
  });

  it.each<[string, object, string]>([
    ['', {}, 'prefix'],
    ['sub/', {}, 'prefix'],
    ['m', { globalStep: 1.5 }, 'whole number'],
    ['m', { globalStep: 'names:0' }, 'whole number'],
    ['m', { latestFilename: 'a/b' }, 'latestFilename'],
    ['checkpoint', {}, 'state file'],
    ['m', { latestFilename: 'm-1', globalStep: 1 }, 'state file'],
  ])('under a name that makes no sense: %j %j', async (name, options, message) => {
    const { session, saver, init } = build();
    session.runSync(init);
    const target = name === '' ? '' : `${folder}/${name}`;
    await expect(saver.save(session, target, options)).rejects.toThrow(InvalidArgumentError);
    expect(() => saver.saveSync(session, target, options)).toThrow(message);
    expect(files()).toEqual([]);
  });

  it('where a file is in the way of the folder', async () => {
    const { session, saver, init } = build();
    session.runSync(init);
    fs.writeFileSync(path.join(folder, 'file'), '');
    const target = path.join(folder, 'file', 'm');
    await expect(saver.save(session, target)).rejects.toThrow(FailedPreconditionError);
    await expect(saver.save(session, target)).rejects.toThrow(target);
  });

  it('where the state file can not be written: the checkpoint before stays the newest, whole and alone', () => {
    const { session, saver, init, set, get } = build({ maxToKeep: 1 });
    session.runSync(init);
    const first = saver.saveSync(session, path.join(folder, 'm'), { globalStep: 1 });
    const before = files();
    fs.mkdirSync(path.join(folder, 'taken'));
    expect(() => saver.saveSync(session, path.join(folder, 'm'), { globalStep: 2, latestFilename: 'taken' })).toThrow(
      'taken',
    );
    set(0);
    expect(() => saver.saveSync(session, path.join(folder, 'm'), { globalStep: 1, latestFilename: 'taken' })).toThrow(
      'taken',
    );
    fs.rmdirSync(path.join(folder, 'taken'));
    expect(files()).toEqual(before);
    saver.restoreSync(session, latestCheckpoint(folder)!);
    expect(latestCheckpoint(folder)).toBe(first);
    expect(get()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('in the session of another graph', async () => {
    const { saver } = build();
    const { session } = build();
    await expect(saver.save(session, path.join(folder, 'm'))).rejects.toThrow('another graph');
    await expect(saver.restore(session, path.join(folder, 'm'))).rejects.toThrow('another graph');
  });
});

describe('what can not be restored', () => {
  const saved = () => {
    const { session, saver, init } = build();
    session.runSync(init);
    return saver.saveSync(session, path.join(folder, 'm'), { globalStep: 1 });
  };

  it.each([
    ['m-2', /no checkpoint '.*m-2': '.*m-2\.index' doesn't exist/],
    ['m-1.index', /is one file of the checkpoint '.*m-1'/],
    ['', /is a folder, whose newest checkpoint latestCheckpoint/],
  ])('a checkpoint that is not there: %s', async (name, message) => {
    saved();
    const { session, saver } = build();
    const prefix = path.join(folder, name);
    await expect(saver.restore(session, prefix)).rejects.toThrow(NotFoundError);
    expect(() => saver.restoreSync(session, prefix)).toThrow(message);
  });

  it('no checkpoint at all, where latestCheckpoint gave null', async () => {
    const { session, saver } = build();
    await expect(saver.restore(session, latestCheckpoint(folder)!)).rejects.toThrow(InvalidArgumentError);
  });

  it('variables that the checkpoint lacks, or has in another shape or dtype: all are named, none is changed', async () => {
    const prefix = saved();
    const graph = new Graph();
    const { saver, session, step, init } = graph.asDefault(() => {
      const biases = new Variable([1, 2], { name: 'layer/biases' });
      const weights = new Variable([1, 2], { name: 'layer/weights' });
      const step = new Variable(0, { name: 'step', dtype: 'int64' });
      const names = new Variable([0, 0], { name: 'names' });
      const init = variablesInitializer([biases, weights, step, names]);
      return { saver: new Saver(), session: new Session({ graph }), step, init };
    });
    session.runSync(init);
    const error = await saver.restore(session, prefix).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as Error).message.split('\n')).toEqual([
      `could not restore from '${prefix}':`,
      "  Key layer/biases not found in checkpoint (variable 'layer/biases')",
      "  Assign requires shapes of both tensors to match. lhs shape= [2] rhs shape= [2,3] (variable 'layer/weights')",
      "  expected dtype float32 does not equal original dtype string (variable 'names')",
      '  the checkpoint has layer/weights, names, step',
    ]);
    expect(session.runSync(step)).toBe(0n);
  });

  it('a damaged or incomplete checkpoint', () => {
    const prefix = saved();
    const { session, saver, get, init, set } = build();
    session.runSync(init);
    set(9);
    const data = `${prefix}.data-00000-of-00001`;
    const bytes = fs.readFileSync(data);
    const damaged = Buffer.from(bytes);
    damaged[3]! ^= 1;
    fs.writeFileSync(data, damaged);
    expect(() => saver.restoreSync(session, prefix)).toThrow(DataLossError);
    expect(() => saver.restoreSync(session, prefix)).toThrow(`restoring from '${prefix}'`);
    fs.writeFileSync(data, bytes.subarray(0, 10));
    expect(() => saver.restoreSync(session, prefix)).toThrow(OutOfRangeError);
    fs.rmSync(data);
    expect(() => saver.restoreSync(session, prefix)).toThrow(NotFoundError);
    expect(get()).toEqual(filled(9));
  });
});

it('a checkpoint that takes the place of another is whole, and the only one', () => {
  const { session, saver, init, set, graph } = build();
  session.runSync(init);
  const target = path.join(folder, 'm');
  for (const value of [1, 2, 3]) {
    set(value);
    if (value === 3) graph.addToCollection('labels', 'third');
    expect(saver.saveSync(session, target)).toBe(target);
    expect(new CheckpointReader(target).getTensor('layer/weights').toArray()).toEqual(filled(value));
  }
  expect(fs.readFileSync(`${target}.meta`).includes('third')).toBe(true);
  expect(files()).toEqual(['checkpoint', 'm.data-00000-of-00001', 'm.index', 'm.meta']);
  expect(saver.lastCheckpoints).toEqual([target]);
  expect(graph.getCollection(GraphKeys.GLOBAL_VARIABLES)).toHaveLength(3);
});
