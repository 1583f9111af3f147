import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MetaGraphDef } from '../../protos';
import { DataLossError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { pythonCheckpoint } from '../../testing/pythonCheckpoint';
import { GraphKeys } from '../graph/collections';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { identity } from '../ops/array';
import { placeholder } from '../ops/constants';
import { Variable, variablesInitializer } from '../ops/variables';
import { Session } from '../session';
import { exportMetaGraph } from './metaGraph';
import { importMetaGraph, Saver } from './saver';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'meta-graph-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const namesOf = (values: readonly unknown[]) => values.map((value) => (value as Tensor).name);

describe('a graph and a checkpoint that Python wrote', () => {
  it.each([undefined, 'net', 'deep/net'])('go on here, in the scope %s', async (importScope) => {
    for (const [name, bytes] of Object.entries(pythonCheckpoint())) fs.writeFileSync(path.join(folder, name), bytes);
    const graph = new Graph();
    const prefix = path.join(folder, 'model.ckpt-7');
    const saver = importMetaGraph(`${prefix}.meta`, { graph, importScope });
    const session = new Session({ graph });
    await saver?.restore(session, prefix);

    const at = (name: string) => (importScope ? `${importScope}/${name}` : name);
    const feeds = [[at('x:0'), [[1, 2]]]] as const;
    expect(session.runSync(at('layer/y:0'), feeds)).toMatchObject({ data: Float32Array.of(9.5, 11.5, 15.25) });
    expect(session.runSync(at('loss:0'), feeds)).toBe(455.0625);

    const [trainOp] = graph.getCollection<Operation>(GraphKeys.TRAIN_OP);
    session.runSync(trainOp!, feeds);
    const variables = graph.getCollection(GraphKeys.GLOBAL_VARIABLES);
    const [weights, biases, step, names, flag] = variables as [Variable, Variable, Variable, Variable, Variable];
    expect(session.runSync([weights, biases, step, flag])).toMatchObject([
      { data: Float32Array.of(-8.5, -9.5, -12.25, -15, -18, -24.5) },
      { data: Float32Array.of(-9, -12, -15) },
      8n,
      true,
    ]);
    expect(session.runSync(names.value())).toMatchObject({ data: [Buffer.from('café'), Buffer.from([0xff, 0])] });
    expect(await saver?.save(session, path.join(folder, 'ours'), { globalStep: step })).toMatch(/ours-8$/);
  });

  it('bring their collections along', () => {
    const graph = new Graph();
    const { 'model.ckpt-7.meta': bytes = Buffer.alloc(0) } = pythonCheckpoint();
    const saver = importMetaGraph(bytes, { graph });
    expect(saver?.saverDef).toMatchObject({ maxToKeep: 3, keepCheckpointEveryNHours: 2 });
    const collection = (name: string) => graph.getCollection(name);
    const variables = collection(GraphKeys.GLOBAL_VARIABLES) as Variable[];
    expect(namesOf(variables)).toEqual(['layer/weights:0', 'layer/biases:0', 'global_step:0', 'names:0', 'flag:0']);
    expect(variables.map(({ trainable }) => trainable)).toEqual([true, true, false, false, false]);
    expect(collection(GraphKeys.TRAINABLE_VARIABLES)).toEqual(variables.slice(0, 2));
    expect(collection(GraphKeys.TRAINABLE_VARIABLES)[0]).toBe(variables[0]);
    expect(collection(GraphKeys.GLOBAL_STEP)[0]).toBe(variables[2]);
    expect(namesOf(collection(GraphKeys.LOCAL_VARIABLES))).toEqual(['scratch:0']);
    expect(collection(GraphKeys.SAVERS)[0]).toBeInstanceOf(Saver);
    expect(namesOf(collection(GraphKeys.TRAIN_OP))).toEqual(['GradientDescent']);
    expect(collection(GraphKeys.LOSSES)[0]).toBe(graph.getTensorByName('loss:0'));
    expect(collection('labels')).toEqual(['a', 'b']);
    expect(collection('sizes')).toEqual([2, 3]);
    expect(collection('rates')).toEqual([0.5]);
    expect(graph.getTensorByName('x:0').shape).toEqual([null, 2]);
  });

  it('are exported again as they were', () => {
    const graph = new Graph();
    const { 'model.ckpt-7.meta': bytes = Buffer.alloc(0) } = pythonCheckpoint();
    const saver = importMetaGraph(bytes, { graph });
    const ours = MetaGraphDef.decode(saver?.exportMetaGraph() ?? Buffer.alloc(0));
    const theirs = MetaGraphDef.decode(bytes);
    expect(ours.graphDef?.node).toEqual(theirs.graphDef?.node);
    expect(ours.saverDef).toEqual(theirs.saverDef);
    const types = (def: MetaGraphDef) => def.metaInfoDef?.strippedOpList?.op.map(({ name }) => name);
    expect(types(ours)).toEqual(types(theirs));
    expect(Object.keys(ours.collectionDef).sort()).toEqual(Object.keys(theirs.collectionDef).sort());
    for (const key of ['labels', 'losses', 'rates', 'savers', 'sizes', 'train_op', 'trainable_variables'])
      expect(ours.collectionDef[key], key).toEqual(theirs.collectionDef[key]);
  });
});

/** A graph with something in collections of every kind. */
function build() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [null, 2], { name: 'x' });
    const v = graph.device('/cpu:0', () => new Variable([1, 2], { name: 'v' }));
    const y = identity(v, { name: 'y' });
    graph.addToCollection(GraphKeys.TRAIN_OP, y.op);
    graph.addToCollection('tensors', y);
    graph.addToCollection('bytes', Uint8Array.of(255, 254));
    graph.addToCollection('big', 2n ** 60n);
    graph.addToCollection('any', { typeUrl: 'type.example/thing', value: Uint8Array.of(1) });
    return { graph, x, v, y, saver: new Saver(), init: variablesInitializer([v]) };
  });
}

describe('exportMetaGraph and importMetaGraph', () => {
  it('take a graph to another graph', () => {
    const { graph, saver, init } = build();
    const filename = path.join(folder, 'graph.meta');
    const bytes = exportMetaGraph({ graph, filename, saverDef: saver.toProto() });
    expect(fs.readFileSync(filename).equals(bytes)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['graph.meta']);
    const session = new Session({ graph });
    session.runSync(init);
    const prefix = saver.saveSync(session, path.join(folder, 'm'));

    const copy = new Graph();
    const imported = copy.asDefault(() => importMetaGraph(filename));
    const other = new Session({ graph: copy });
    imported?.restoreSync(other, prefix);
    expect(other.runSync('y:0')).toMatchObject({ data: Float32Array.of(1, 2) });
    expect(copy.getCollection('tensors')).toEqual([copy.getTensorByName('y:0')]);
    expect(copy.getCollection('train_op')).toEqual([copy.getOperationByName('y')]);
    expect(copy.getCollection('bytes')).toEqual([Uint8Array.of(255, 254)]);
    expect(copy.getCollection('big')).toEqual([2n ** 60n]);
    expect(copy.getCollection('any')).toMatchObject([{ typeUrl: 'type.example/thing', value: Uint8Array.of(1) }]);
    expect(copy.getOperationByName('v').device).toBe('/device:CPU:0');
    expect(MetaGraphDef.decode(imported?.exportMetaGraph() ?? bytes)).toEqual(MetaGraphDef.decode(bytes));
  });

  it('may leave out devices and collections', () => {
    const { graph, saver } = build();
    const def = MetaGraphDef.decode(exportMetaGraph({ graph, clearDevices: true, collectionList: ['big', 'none'] }));
    expect(def.graphDef?.node.every(({ device }) => device === '')).toBe(true);
    expect(Object.keys(def.collectionDef)).toEqual(['big']);
    const copy = new Graph();
    importMetaGraph(saver.exportMetaGraph(), { graph: copy, clearDevices: true });
    expect(copy.operations.every(({ device }) => device === '')).toBe(true);
  });

  it('keep shapes that do not follow from the graph', () => {
    const graph = new Graph();
    graph.asDefault(() => placeholder('float32', undefined, { name: 'p' }).setShape([3, null]));
    const copy = new Graph();
    importMetaGraph(exportMetaGraph({ graph }), { graph: copy });
    expect(copy.getTensorByName('p:0').shape).toEqual([3, null]);
  });

  it('make a new saver where none was exported, and none where there is no variable', () => {
    const { graph } = build();
    const copy = new Graph();
    const saver = importMetaGraph(exportMetaGraph({ graph }), { graph: copy, importScope: 'a' });
    expect(saver?.saverDef.restoreOpName).toBe('save/restore_all');
    expect(importMetaGraph(exportMetaGraph({ graph: new Graph() }), { graph: new Graph() })).toBeNull();
  });

  it('take tensors of the graph in the place of its own', () => {
    const { graph } = build();
    const copy = new Graph();
    copy.asDefault(() => {
      const x = placeholder('float32', [2], { name: 'mine' });
      importMetaGraph(exportMetaGraph({ graph }), { importScope: 'again', inputMap: { 'v/read:0': x } });
      expect(copy.getOperationByName('again/y').inputs).toEqual([x]);
    });
  });

  it('number a scope that is taken', () => {
    const { graph } = build();
    const copy = new Graph();
    const bytes = exportMetaGraph({ graph });
    for (const scope of ['s', 's_1']) {
      importMetaGraph(bytes, { graph: copy, importScope: 's' });
      expect(copy.getCollection(GraphKeys.GLOBAL_VARIABLES).at(-1)?.name).toBe(`${scope}/v:0`);
    }
  });

  it('leave out a collection that a MetaGraphDef can not hold, and warn', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { graph } = build();
    graph.addToCollection('functions', () => 1);
    graph.addToCollection('mixed', 'a');
    graph.addToCollection('mixed', 1);
    const keys = Object.keys(MetaGraphDef.decode(exportMetaGraph({ graph })).collectionDef);
    expect(keys).toContain('big');
    expect(keys).not.toContain('functions');
    expect(keys).not.toContain('mixed');
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn.mock.calls[0]?.[0]).toContain("'functions'");
    warn.mockRestore();
  });

  it('name the file that is missing, or holds something else', () => {
    const graph = new Graph();
    const file = path.join(folder, 'm.meta');
    expect(() => importMetaGraph(file, { graph })).toThrow(NotFoundError);
    for (const contents of ['some text', Buffer.alloc(0), Buffer.from([0x12, 0x05, 0x01])]) {
      fs.writeFileSync(file, contents);
      expect(() => importMetaGraph(file, { graph })).toThrow(DataLossError);
      expect(() => importMetaGraph(file, { graph })).toThrow(file);
    }
    expect(graph.operations).toEqual([]);
  });

  it('say so where the graph has the names already', () => {
    const { graph } = build();
    const count = graph.operations.length;
    const bytes = exportMetaGraph({ graph });
    expect(() => importMetaGraph(bytes, { graph })).toThrow(InvalidArgumentError);
    expect(() => importMetaGraph(bytes, { graph })).toThrow("the graph has an operation 'x' already");
    expect(graph.operations).toHaveLength(count);
    expect(graph.getCollection('big')).toHaveLength(1);
  });

  it('say so where the file can not be written', () => {
    const { graph } = build();
    expect(() => exportMetaGraph({ graph, filename: path.join(folder, 'missing', 'm.meta') })).toThrow(NotFoundError);
  });
});
