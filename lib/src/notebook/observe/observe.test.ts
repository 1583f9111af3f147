import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { observe } from '../..';
import { jupyterDisplay, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import * as tf from '../../tf';
import { FileWriter } from '../../tf/summary';

/** A loss that falls from 2 to 1 in 400 steps and stays there, with the jitter of batches. */
const falling = Array.from({ length: 800 }, (_, i) => Math.max(1, 2 - i / 400) + (i % 2 ? 0.1 : -0.1));

describe('curves', () => {
  it('are told by their ends, the step at which they pass a level, and their jitter', () => {
    expect(observe.curves({ loss: falling }, { below: 1.5 }).sentences).toEqual([
      'loss goes from 1.9 to 1 at step 799.',
      'loss fell below 1.5 at step 210.',
      'In the second half its values lie about 0.1 off their mean: that is how unlike the batches are.',
    ]);
    expect(observe.curves({ right: { x: [0, 100, 1200], y: [0.1, 0.8, 0.9] } }, { above: 0.85 }).sentences).toEqual([
      'right goes from 0.1 to 0.9 at step 1,200.',
      'right rose above 0.85 at step 1,200.',
    ]);
  });

  it('pass a level by their mean, not by one easy batch', () => {
    const oneEasyBatch = Array.from({ length: 400 }, (_, i) => (i === 100 ? 0 : 2));
    expect(observe.curves({ loss: oneEasyBatch }, { below: 1 }).sentences).toContain("loss didn't fall below 1.");
  });

  it('are said to be broken from the step on at which they are no numbers', () => {
    const [ends, broken] = observe.curves({ loss: [2, 40, 3000, Number.NaN, Number.NaN] }).sentences;
    expect(ends).toBe('loss goes from 2 to 3,000 at step 2.');
    expect(broken).toMatch(/^From step 3 on loss is no number any more/);
    expect(observe.curves({ loss: [Number.NaN] }).sentences).toHaveLength(1);
  });

  it('are compared: which passes first, and which ends where', () => {
    const curves = { slow: [4, 3, 2, 1], quick: [4, 1, 0.8, 0.5], broken: [4, Number.POSITIVE_INFINITY] };
    expect(observe.curves(curves, { below: 2.5 }).sentences.slice(-2)).toEqual([
      'The first to get there is quick.',
      'quick ends lowest, with 0.5, and slow highest, with 1.',
    ]);
  });

  it('are refused where there are none, or levels that are no numbers', () => {
    expect(() => observe.curves({})).toThrow('expected at least one curve, got none');
    expect(() => observe.curves({ a: [1] }, { below: Number.NaN })).toThrow('below is a number, got NaN');
    expect(() => observe.curves({ a: [1] }, { under: 1 } as object)).toThrow('under');
  });
});

describe('runs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'observed-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function write(name: string, values: readonly number[], wallTime: number): Promise<void> {
    const writer = new FileWriter(path.join(folder, name));
    for (const [i, simpleValue] of values.entries())
      writer.addEvent({
        wallTime: wallTime + i,
        step: 100n * BigInt(i),
        summary: { value: [{ tag: 'loss', simpleValue }] },
      });
    await writer.close();
  }

  it('are told of, the last one beside the one before', async () => {
    await write('first', [9, 9, 9], 1000);
    await write('lr=0.1', [2, 0.75, 0.25], 3000);
    await write('lr=0.01', [2, 1.5, 0.5], 2000);
    const { sentences } = await observe.scalars(folder, { tag: 'loss', below: 1 });
    expect(sentences).toEqual([
      'loss of lr=0.1 goes from 2 to 0.25 at step 200.',
      'loss of lr=0.1 fell below 1 at step 100.',
      'loss of lr=0.01 goes from 2 to 0.5 at step 200.',
      'loss of lr=0.01 fell below 1 at step 200.',
      'The first to get there is loss of lr=0.1.',
      'loss of lr=0.1 ends lowest, with 0.25, and loss of lr=0.01 highest, with 0.5.',
    ]);
  });

  it("are this notebook's, where there are runs of others", async () => {
    await write('mine-1', [2, 0.5], 1000);
    await write('other', [2, 0.1], 2000);
    cpSync(path.join(folder, 'other'), path.join(folder, 'copied'), { recursive: true }); // which nobody here has written
    rmSync(path.join(folder, 'other'), { recursive: true });
    setNotebookHost({} as NotebookHost);
    try {
      const { sentences } = await observe.scalars(folder, { tag: 'loss' });
      expect(sentences).toEqual(['loss of mine-1 goes from 2 to 0.5 at step 100.']);
    } finally {
      setNotebookHost(undefined);
    }
    expect((await observe.scalars(folder, { tag: 'loss' })).sentences).toHaveLength(3);
  });

  it('are refused where none has the tag', async () => {
    await write('run', [1], 1000);
    await expect(observe.scalars(folder, { tag: 'accuracy' })).rejects.toThrow(
      "no run has scalars of the tag 'accuracy'",
    );
  });
});

describe('a confusion matrix', () => {
  it('is told by what is taken for what most often, and by the hardest class', () => {
    const labels = [...Array(10).fill(4), ...Array(10).fill(9), 1];
    const predictions = [...Array(7).fill(4), 9, 9, 9, ...Array(9).fill(9), 4, 1];
    expect(observe.confusionMatrix(labels, predictions).sentences).toEqual([
      '17 of 21 are right, 81.0 %.',
      'What it gets wrong most often: 4 for 9 (3), 9 for 4 (1).',
      'The other way around, 9 for 4, happens less often (1).',
      'Hardest are those of class 4: 70.0 % of them are right. Easiest are those of class 1: 100.0 %.',
    ]);
    expect(observe.confusionMatrix([0, 1], [0, 1]).sentences).toEqual(['2 of 2 are right, 100.0 %.']);
  });
});

describe('points', () => {
  it('are told by the classes that lie among others', () => {
    const points = [
      [0, 0],
      [0, 1],
      [1, 0],
      [9, 9],
      [9, 8],
      [2, 2],
      [30, 0],
    ];
    expect(observe.embedding(points, [0, 0, 0, 1, 1, 1, 2]).sentences).toEqual([
      '14.3 % of the points lie nearer to the centre of another class than to that of their own.',
      'Most of these are 1 among 0 (1).',
      'The centres that lie closest together are those of 0 and 1, then 1 and 2.',
    ]);
    const named = observe.embedding([[0], [4]], [0, 1], { classes: ['cat', 'dog'] });
    expect(named.sentences.at(-1)).toBe('The centres that lie closest together are those of cat and dog.');
    expect(() => observe.embedding([[0, 0]], [1])).toThrow('two classes or more');
  });
});

describe('a traced step', () => {
  it('is told by the operations that take most of its time', async () => {
    const graph = new tf.Graph();
    const [a, product] = graph.asDefault(() => {
      const a = tf.placeholder('float32', [300, 300]);
      return [a, tf.matmul(tf.matmul(a, a), a)] as const;
    });
    await using session = new tf.Session({ graph });
    const runMetadata = new tf.RunMetadata();
    await session.run(product, [[a, new Float32Array(300 * 300)]], {
      options: { traceLevel: 'FULL_TRACE' },
      runMetadata,
    });
    const [most, longest] = observe.timeline(runMetadata).sentences;
    expect(most).toMatch(/^\d+ operations ran in .*s\. Most of their time went into .*MatMul \d/);
    expect(longest).toMatch(/^The longest single one is MatMul(_1)?, a MatMul of .+s\.$/);
    expect(() => observe.timeline(new tf.RunMetadata())).toThrow('expected metadata of a traced run');
  });
});

describe('what is seen', () => {
  afterEach(() => setNotebookHost(undefined));

  it('is folded in a notebook, and a list elsewhere', () => {
    const seen = observe.curves({ 'a < b': [2, 1] });
    expect(String(seen)).toBe('- a < b goes from 2 to 1 at step 1.');
    const { 'text/html': html } = seen[jupyterDisplay]();
    expect(html).toMatch(
      /^<details><summary [^>]*>What do you see\?.*<\/summary><ul><li>a &lt; b goes .*<\/li><\/ul><\/details>$/,
    );
  });

  it('is told in Chinese in a Chinese notebook', () => {
    setNotebookHost({ folder: '/notebooks/zh' } as NotebookHost);
    const seen = observe.confusionMatrix([4, 9, 9], [9, 9, 9]);
    expect(seen.sentences[1]).toBe('最常见的错误：把 4 当成 9（1 次）。');
    expect(seen[jupyterDisplay]()['text/html']).toContain('你看到了什么');
  });
});
