/** Every kind of event through the eyes of Python's TensorFlow, which also decodes what is in it. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { pythonWith, runPython, skipped } from './python';

const python = pythonWith('tensorflow');

it.skipIf(!python)(python ? "Python's TensorFlow parses every event" : skipped('tensorflow'), async () => {
  const logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'tensorflow-'));
  try {
    const graph = new tf.Graph();
    const merged = graph.asDefault(() => {
      const values = tf.constant([[[[0.5], [1]]]], { name: 'values' });
      tf.summary.image('image', values, { maxOutputs: 1 });
      tf.summary.text('text', ['a']);
      return tf.summary.mergeAll();
    });
    const session = new tf.Session({ graph });
    const writer = new tf.summary.FileWriter(logdir, { graph });
    writer.addSummary(session.runSync(merged), 1);
    session.close();
    writer.scalar('scalar', 0.5, 2);
    writer.histogram('histogram', [1, 2, 3], 3);
    writer.image('image', [[[0, 0.5, 1]]], 4);
    writer.audio('audio', [0, 0.5], 5);
    writer.text('text', [['a', 'b']], 6);
    writer.prCurve('curve', { labels: [true, false], predictions: [0.9, 0.1] }, 7);
    writer.hparams({ rate: 0.1 });
    writer.addSessionLog({ status: 1 }, 8);
    writer.addRunMetadata({ stepStats: { devStats: [{ device: '/cpu:0' }] } }, 'trace', 9);
    writer.addMetaGraph({ metaInfoDef: { tags: ['train'] } }, 10);
    await writer.close();

    const found = await runPython<[number, string, [string, string][]][]>(python!, 'read_tensorflow.py', logdir);
    const nodes = graph.operations.map(({ name, type }) => [name, type]);
    expect(found).toEqual([
      [0, 'file_version', []],
      [0, 'graph_def', nodes],
      [
        1,
        'summary',
        [
          ['image/image', 'image'],
          ['text', 'tensor'],
        ],
      ],
      [2, 'summary', [['scalar', 'simple_value']]],
      [3, 'summary', [['histogram', 'histo']]],
      [4, 'summary', [['image', 'image']]],
      [5, 'summary', [['audio', 'audio']]],
      [6, 'summary', [['text', 'tensor']]],
      [7, 'summary', [['curve', 'tensor']]],
      [0, 'summary', [['_hparams_/session_start_info', 'tensor']]],
      [8, 'session_log', []],
      [9, 'tagged_run_metadata', []],
      [10, 'meta_graph_def', []],
      [0, 'summary', [['_hparams_/session_end_info', 'tensor']]],
    ]);
  } finally {
    fs.rmSync(logdir, { recursive: true, force: true });
  }
});
