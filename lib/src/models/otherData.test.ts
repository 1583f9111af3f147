import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeIdx } from '../data';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import { makeModel } from './registry';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'other-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (shape: number[], value: (i: number) => number) =>
  new HostArray(
    'uint8',
    shape,
    Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
  );

it.each([
  ['no training examples', { count: 0 }, 'has no training examples'],
  ['images of 32 × 32', { size: [32, 32] }, 'has images of 1024 pixels; the models take 28×28, which is 784'],
  ['images of 28 × 14', { size: [28, 14] }, 'has images of 392 pixels; the models take 28×28, which is 784'],
  ['26 classes', { classes: 26 }, 'has 26 classes; the models tell 10 apart'],
])(
  'a training with data of %s is refused before anything is made',
  async (_, {
    count = 52,
    size = [28, 28],
    classes = 10,
  }: { count?: number; size?: number[]; classes?: number }, message) => {
    for (const [name, n] of [
      ['train', count],
      ['t10k', 26],
    ] as const) {
      await writeIdx(
        path.join(folder, `${name}-images-idx3-ubyte`),
        bytes([n, ...size], () => 9),
      );
      await writeIdx(
        path.join(folder, `${name}-labels-idx1-ubyte`),
        bytes([n], (i) => i % classes),
      );
    }
    const resultDir = path.join(folder, 'run');
    const agent = makeModel({
      modelName: 'softmax_regression',
      dataDir: folder,
      dataset: 'any',
      maxIter: 2,
      resultDir,
    });
    const training = agent.train({ log: () => {} });
    await expect(training).rejects.toThrow(InvalidArgumentError);
    await expect(training).rejects.toThrow(`${folder} ${message}`);
    await agent.close();
    expect(existsSync(resultDir)).toBe(false);
  },
);
