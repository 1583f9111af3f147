import { readdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { data, Figure, hyperparameters, models, observe, plot, runDirectory, runs, tf } from '../lib/src';
import { cli } from '../lib/src/cli/cli';
import { inFolderOfItsOwn } from '../lib/src/testing/inFolderOfItsOwn';

inFolderOfItsOwn(); // into which what is made by mistake would come

const ADDRESS = 'gs://bucket/run';

const graph = new tf.Graph();
const { variable, saver } = graph.asDefault(() => {
  const variable = new tf.Variable(1, { name: 'v' });
  return { variable, saver: new tf.train.Saver() };
});
const session = new tf.Session({ graph });
session.runSync(variable.initializer);

const takers: Readonly<Record<string, (address: string) => unknown>> = {
  'Saver.save': (address) => saver.save(session, address),
  'Saver.saveSync': (address) => saver.saveSync(session, address),
  'Saver.restore': (address) => saver.restore(session, address),
  'train.latestCheckpoint': (address) => tf.train.latestCheckpoint(address),
  'train.checkpointExists': (address) => tf.train.checkpointExists(address),
  'train.CheckpointReader': (address) => new tf.train.CheckpointReader(address),
  'train.writeGraph': (address) => tf.train.writeGraph(graph, address, 'graph.pbtxt'),
  'train.exportMetaGraph': (address) => tf.train.exportMetaGraph({ filename: address, graph }),
  'train.CheckpointSaverHook': (address) => new tf.train.CheckpointSaverHook(address, { saveSteps: 1 }),
  'train.MonitoredTrainingSession': (address) => tf.train.MonitoredTrainingSession({ checkpointDir: address }),
  'summary.FileWriter': (address) => new tf.summary.FileWriter(address),
  'summary.FileWriterCache.get': (address) => tf.summary.FileWriterCache.get(address),
  'savedModel.simpleSave': (address) => tf.savedModel.simpleSave(session, address, { v: variable }, { v: variable }),
  'savedModel.load': (address) => tf.savedModel.load(session, ['serve'], address),
  'Figure.save': (address) => new Figure([{ y: [1] }]).save(`${address}.html`),
  runDirectory: (address) => runDirectory(address, 'mnist'),
  runs: (address) => runs(address),
  'plot.scalars': (address) => plot.scalars(address),
  'observe.scalars': (address) => observe.scalars(address, { tag: 'loss' }),
  'data.readDataSets': (address) => data.readDataSets(address),
  'data.readIdx': (address) => data.readIdx(address),
  'data.readCsv': (address) => data.readCsv(address, { x: 'float32' }),
  'data.readImageFolder': (address) => data.readImageFolder(address),
  'hyperparameters.readResults': (address) => hyperparameters.readResults(address),
  'models.readImages': (address) => models.readImages(address),
};

describe('an address stands for no path: nothing calls a folder gs:', () => {
  it.each(Object.entries(takers))('%s', async (_, take) => {
    const error = await (async () => take(ADDRESS))().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toMatch(/a path on this machine, not the address 'gs:\/\/bucket\/run/);
    expect(readdirSync('.')).toEqual([]);
  });

  it('and one of a file is told what makes a path of it', () => {
    expect(() => tf.train.latestCheckpoint('file:///tmp/run')).toThrow(
      "the folder of checkpoints is a path on this machine, not the address 'file:///tmp/run': node:url's fileURLToPath makes one of it",
    );
  });

  it('a drive of Windows, or a name with a colon, is a path', () => {
    for (const name of ['C://run', 'run:1', 'a/b://c']) expect(tf.train.latestCheckpoint(name), name).toBeNull();
  });

  it.each([
    'train --result-dir',
    'train --data-dir',
    'train --config',
    'train --from',
    'search --result-dir',
    'evaluate --result-dir',
    'infer 3.png --result-dir',
    'tensorboard --logdir',
  ])('on the command line, for tf-mechanics %s', async (words) => {
    const errors: string[] = [];
    const print = vi.spyOn(console, 'error').mockImplementation((line) => errors.push(line));
    expect(await cli({ name: 'tf-mechanics' }, [...words.split(' '), ADDRESS])).toBe(2);
    print.mockRestore();
    const flag = words.split(' ').at(-1);
    expect(errors.join()).toMatch(
      new RegExp(`^error: option '${flag} <\\w+>' argument '${ADDRESS}' is invalid. It must be a path on this machine`),
    );
    expect(readdirSync('.')).toEqual([]);
  });
});
