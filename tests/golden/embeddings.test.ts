/**
 * Training of embeddings against what Python's TensorFlow 1 made of the same networks: see `extract_embeddings.py`. Every day each network is
 * trained by some of the optimizers and each optimizer trains some of the networks; a soak tries all pairs.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { repetitions } from '../../lib/src/testing/repetitions';
import { buildEmbeddingNet, type EmbeddingNet, type OptimizerName, STEPS } from './embeddings';

type Values = Partial<Record<OptimizerName, string>>;

const golden: Record<EmbeddingNet, Values> = JSON.parse(readFileSync(path.join(__dirname, 'embeddings.json'), 'utf8'));

/** The final values of all variables, in the order of their names. */
function trained(net: EmbeddingNet, optimizer: OptimizerName): [name: string, value: number[]][] {
  const { graph, trainOp, feeds, init, variables } = buildEmbeddingNet(net, optimizer);
  const session = new tf.Session({ graph });
  session.runSync(init);
  for (let step = 0; step < STEPS; step++) session.runSync(trainOp, feeds(step));
  const values = variables.map((variable): [string, number[]] => {
    const value = tf.hostArray(session.runSync(variable) as tf.ArrayLike, 'float32');
    return [variable.op.name, [...value.data]];
  });
  session.close();
  return values.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The greatest difference, relative to the greatest of the values. */
function difference(actual: readonly number[], expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!))) / scale;
}

describe.each(Object.entries(golden) as [EmbeddingNet, Values][])('the embeddings of %s', (net, values) => {
  const row = Object.keys(golden).indexOf(net);
  const all = Object.entries(values) as [OptimizerName, string][];
  const pairs = all.filter((_, column) => (row + column) % Math.min(all.length, repetitions(3, 1)) === 0);
  it.each(pairs)('are those of Python after %s', (optimizer, base64) => {
    const bytes = Buffer.from(base64, 'base64');
    const expected = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
    for (const [name, value] of trained(net, optimizer)) {
      const part = expected.splice(0, value.length);
      expect(value.length, name).toBe(part.length);
      expect(difference(value, part), name).toBeLessThanOrEqual(1e-6);
    }
    expect(expected).toEqual([]);
  });
});
