import { describe, expect, it } from 'vitest';
import { FailedPreconditionError, InvalidArgumentError } from '../../../runtime/errors';
import { keepLogLines } from '../../../testing/logLines';
import { GraphKeys } from '../../graph/collections';
import { Graph } from '../../graph/graph';
import { placeholder } from '../../ops/constants';
import { noOp } from '../../ops/control';
import { tablesInitializer } from '../../ops/tables';
import { globalVariablesInitializer, Variable } from '../../ops/variables';
import { Session } from '../../session';
import { merge, scalar } from '../../summary/builders';
import { Saver } from '../saver';
import { Scaffold } from './scaffold';

keepLogLines();

function build() {
  const graph = new Graph();
  const weights = graph.asDefault(() => new Variable([1, 2], { name: 'weights' }));
  return { graph, weights };
}

describe('a scaffold', () => {
  it('makes what it lacks, puts it into the collections, and finalizes the graph', () => {
    const { graph } = build();
    const scaffold = new Scaffold();
    expect([scaffold.initOp, scaffold.saver, scaffold.readyOp]).toEqual([null, null, null]);
    expect(scaffold.finalize(graph)).toBe(scaffold);
    expect(graph.finalized).toBe(true);
    expect(graph.getCollection(GraphKeys.INIT_OP)).toEqual([scaffold.initOp]);
    expect(graph.getCollection(GraphKeys.READY_OP)).toEqual([scaffold.readyOp]);
    expect(graph.getCollection(GraphKeys.READY_FOR_LOCAL_INIT_OP)).toEqual([scaffold.readyForLocalInitOp]);
    expect(graph.getCollection(GraphKeys.LOCAL_INIT_OP)).toEqual([scaffold.localInitOp]);
    expect(graph.getCollection(GraphKeys.SAVERS)).toEqual([scaffold.saver]);
    expect(scaffold.summaryOp).toBeNull();
    expect([scaffold.initFn, scaffold.initFeedDict, scaffold.localInitFeedDict]).toEqual([null, null, null]);
    const { length } = graph.operations;
    expect(new Scaffold().finalize(graph).initOp).toBe(scaffold.initOp);
    expect(graph.operations.length).toBe(length);
  });

  it('takes what it is given, and puts that into no collection', () => {
    const { graph, weights } = build();
    const pieces = graph.asDefault(() => ({
      initOp: globalVariablesInitializer(),
      localInitOp: noOp(),
      readyOp: placeholder('string', [null]),
      readyForLocalInitOp: placeholder('string', [null]),
      summaryOp: merge([scalar('x', weights)]),
      saver: new Saver([weights]),
      initFeedDict: [[weights, [3, 4]]] as const,
      localInitFeedDict: [],
    }));
    const scaffold = new Scaffold(pieces).finalize(graph);
    expect(scaffold).toMatchObject(pieces);
    expect(graph.getAllCollectionKeys()).not.toContain('ready_op');
    const copied = new Scaffold({ copyFromScaffold: scaffold, readyOp: null as never });
    expect(copied.readyOp).toBe(pieces.readyOp);
    expect(copied.saver).toBe(pieces.saver);
  });

  it('knows by its operations which variables have a value', async () => {
    const { graph } = build();
    graph.asDefault(
      () => new Variable(1, { name: 'local', collections: [GraphKeys.LOCAL_VARIABLES], trainable: false }),
    );
    const { readyOp, readyForLocalInitOp, initOp, localInitOp } = new Scaffold().finalize(graph);
    await using session = new Session({ graph });
    const names = async () =>
      (await session.run([readyOp!, readyForLocalInitOp!])).map((value) => String((value as { data: unknown }).data));
    expect(await names()).toEqual(['weights,local', 'weights']);
    await session.run(initOp!);
    expect(await names()).toEqual(['local', '']);
    await session.run(localInitOp!);
    expect(await names()).toEqual(['', '']);
  });

  it('does with a graph without variables', async () => {
    const graph = new Graph();
    const { saver, readyOp, initOp } = new Scaffold().finalize(graph);
    await using session = new Session({ graph });
    await session.run(initOp!);
    expect(await session.run(readyOp!)).toMatchObject({ size: 0 });
    expect(saver).toBeNull();
  });

  it('says that it has to be told which, where a collection has several', () => {
    const { graph } = build();
    graph.asDefault(() => {
      for (let i = 0; i < 2; i++) graph.addToCollection(GraphKeys.INIT_OP, noOp());
      expect(() => new Scaffold().finalize()).toThrow(
        new FailedPreconditionError(
          "the collection 'init_op' has 2 items; say which one to use: new tf.train.Scaffold({ initOp })",
        ),
      );
      expect(Scaffold.getOrDefault('summaryOp', GraphKeys.SUMMARY_OP, () => null)).toBeNull();
      expect(graph.getCollection(GraphKeys.SUMMARY_OP)).toEqual([]);
      expect(Scaffold.defaultLocalInitOp().type).toBe('NoOp');
    });
  });

  it('refuses pieces of the wrong kind', () => {
    for (const options of [
      { initOp: 'init' },
      { saver: 1 },
      { initFn: 1 },
      { summaryOp: 'x' },
      { copyFromScaffold: {} },
    ])
      expect(() => new Scaffold(options as never)).toThrow(InvalidArgumentError);
  });
});

describe('tablesInitializer', () => {
  it('runs what fills tables, and does nothing where there are none', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      expect(tablesInitializer()).toMatchObject({ name: 'init_all_tables', controlInputs: [] });
      const fill = noOp();
      graph.addToCollection(GraphKeys.TABLE_INITIALIZERS, fill);
      expect(tablesInitializer({ name: 'again' })).toMatchObject({ name: 'again', controlInputs: [fill] });
    });
  });
});
