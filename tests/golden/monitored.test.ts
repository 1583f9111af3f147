/** A monitored training beside what Python's TensorFlow made of the same; `extract_monitored.py` has that training. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { tf } from '../../lib/src';
import { GraphDef, SessionStatus } from '../../lib/src/protos';
import { getOrCreateGlobalStepRead } from '../../lib/src/tf/train/monitored/globalStepRead';

/** What Python gave in a session. */
interface Golden {
  readonly runs: number;
  readonly final: number;
  readonly lines: readonly string[];
  readonly events: readonly string[];
  readonly files: readonly string[];
  readonly nodes: readonly string[];
  readonly collections: Readonly<Record<string, readonly string[]>>;
}
const golden: Record<'first' | 'second', Golden> = JSON.parse(
  fs.readFileSync(path.join(__dirname, 'monitored.json'), 'utf8'),
);

let folder: string;
let first: Awaited<ReturnType<typeof train>>;
let second: Awaited<ReturnType<typeof train>>;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'monitored-'));
  first = await train(23);
  for (const name of eventFiles()) fs.rmSync(path.join(folder, name));
  second = await train(30);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const eventFiles = () => fs.readdirSync(folder).filter((name) => name.startsWith('events'));

/** The events of the folder, but for those that hold graphs. */
async function events(): Promise<string[]> {
  const found: string[] = [];
  for (const name of eventFiles())
    for await (const event of tf.train.summaryIterator(path.join(folder, name))) {
      const { summary, sessionLog, taggedRunMetadata } = event;
      const status = Object.entries(SessionStatus).find(([, value]) => value === sessionLog?.status)?.[0];
      const what =
        summary?.value.map(({ tag }) => tag).join(' ') ??
        (sessionLog && `${status} ${path.basename(sessionLog.checkpointPath)}`) ??
        taggedRunMetadata?.tag;
      if (what !== undefined) found.push(`${event.step} ${what.trim()}`);
    }
  return found;
}

async function train(lastStep: number) {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
  const graph = new tf.Graph();
  const { trainOp, hooks, final, before } = graph.asDefault(() => {
    const globalStep = tf.train.getOrCreateGlobalStep();
    const weights = new tf.Variable([1, 2], { name: 'weights' });
    new tf.Variable(5, {
      name: 'local',
      dtype: 'int32',
      collections: [tf.GraphKeys.LOCAL_VARIABLES],
      trainable: false,
    });
    const loss = tf.reduceMean(tf.square(weights), { name: 'loss' });
    tf.summary.scalar('loss_summary', loss);
    const trainOp = tf.controlDependencies([getOrCreateGlobalStepRead()!, loss], () =>
      new tf.train.GradientDescentOptimizer(0.1).minimize(loss, { globalStep, name: 'train' }),
    );
    const before = new Set(graph.operations.map(({ name }) => name));
    const final = new tf.train.FinalOpsHook(loss);
    const hooks = [
      new tf.train.StopAtStepHook({ lastStep }),
      new tf.train.LoggingTensorHook({ loss, again: 'loss' }, { everyNIter: 10, atEnd: true }),
      new tf.train.NanTensorHook(loss),
      final,
      new tf.train.ProfilerHook({ saveSteps: 7, outputDir: folder }),
    ];
    return { trainOp, hooks, final, before };
  });
  let runs = 0;
  {
    await using session = await tf.train.MonitoredTrainingSession({
      graph,
      checkpointDir: folder,
      saveCheckpointSteps: 10,
      saveSummariesSteps: 5,
      logStepCountSteps: 10,
      hooks,
    });
    for (; !session.shouldStop(); runs++) await session.run(trainOp);
  }
  log.mockRestore();
  await tf.summary.FileWriterCache.clear();
  const nodes = GraphDef.decode(graph.toGraphDef()).node.filter(({ name }) => !before.has(name));
  return {
    runs,
    final: final.finalOpsValues,
    lines: lines.map((line) =>
      line
        .replace(folder, 'FOLDER')
        .replace(/global_step\/sec: .*/, 'global_step/sec')
        .replace(/ \(\d+\.\d+ sec\)$/, ' (sec)'),
    ),
    events: await events(),
    files: fs
      .readdirSync(folder)
      .filter((name) => !name.startsWith('events'))
      .sort(),
    nodes: nodes.map(({ name, op, device, input }) => [name, op, device || '-', ...input].join(' ')),
    collections: Object.fromEntries(
      graph
        .getAllCollectionKeys()
        .filter((key) => key !== 'savers')
        .map((key) => [key, graph.getCollection<{ name: string }>(key).map(({ name }) => name)]),
    ),
  };
}

it('adds the nodes to the graph that Python adds, and fills the same collections', () => {
  expect(first.nodes).toEqual(golden.first.nodes);
  expect(first.collections).toEqual(golden.first.collections);
});

it.each(['first', 'second'] as const)('says what Python says, in the %s session', (which) => {
  const { lines } = { first, second }[which];
  expect(lines).toEqual(golden[which].lines);
});

it.each(['first', 'second'] as const)(
  'writes the events that Python writes, at the same steps, and files of the same names, in the %s session',
  (which) => {
    const { events, files, runs, final } = { first, second }[which];
    expect(events).toEqual(golden[which].events);
    expect(files).toEqual(golden[which].files);
    expect({ runs, final }).toEqual({ runs: golden[which].runs, final: golden[which].final });
  },
);
