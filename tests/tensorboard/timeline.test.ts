/** Chrome's trace of a step, ours beside the one that Python's TensorFlow makes of the same metadata. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { pythonWith, runPython, skipped } from './python';

interface Trace {
  traceEvents: { ph: string; name: string; tid: number; ts: number; dur: number; args: Record<string, string> }[];
}

const python = pythonWith('tensorflow');

it.skipIf(!python)(python ? "a step's trace is Python's" : skipped('tensorflow'), async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'timeline-'));
  try {
    const graph = new tf.Graph();
    const { x, trainOp, init } = graph.asDefault(() => {
      const x = tf.placeholder('float32', [500, 300], { name: 'x' });
      const weights = new tf.Variable(tf.truncatedNormal([300, 200]), { name: 'weights' });
      const loss = tf.reduceMean(tf.square(tf.nn.relu(tf.matmul(x, weights.value()))));
      const trainOp = new tf.train.AdamOptimizer(0.01).minimize(loss);
      return { x, trainOp, init: tf.globalVariablesInitializer() };
    });
    const session = new tf.Session({ graph });
    session.runSync(init);
    const runMetadata = new tf.RunMetadata();
    const feeds = [[x, new tf.HostArray('float32', [500, 300], new Float32Array(150_000).fill(0.5))]] as const;
    session.runSync(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
    await session.close();
    const file = path.join(folder, 'metadata');
    fs.writeFileSync(file, runMetadata.bytes);

    const regions = ({ traceEvents }: Trace) => traceEvents.filter(({ ph }) => ph === 'X');
    const theirs = regions(await runPython<Trace>(python!, 'timeline.py', file));
    const ours = regions(JSON.parse(await tf.timeline.exportChromeTrace(runMetadata)));
    expect(ours.length).toBeGreaterThan(10);
    const described = (regions: Trace['traceEvents']) =>
      regions.map(({ name: type, args: { name, bytes, ...args } }) => ({ name: name!, type, ...args }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(described(ours).sort(byName)).toEqual(described(theirs).sort(byName));
    // Python counts whole microseconds from the epoch; we, nanoseconds from the step's beginning.
    const origin = Math.min(...theirs.map(({ ts }) => ts));
    for (const { args, ts, dur } of ours) {
      const other = theirs.find((one) => one.args.name === args.name)!;
      expect(Math.abs(other.ts - origin - ts)).toBeLessThan(1.001);
      expect(Math.abs(other.dur - dur)).toBeLessThan(1.001);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
