// In a process of its own: backends of TensorFlow.js are registered for the whole process.
/** Networks as the untouched TensorFlow.js computes them, in Node. tests/browser/tfjs.test.ts has them in a browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tf } from '../../lib/src';
import { temporaryFolder } from '../../lib/src/testing/temporaryFolder';
import { furthest, started } from './exported';
import { type Built, networks } from './networks';

const require = createRequire(__filename);
const hasWasm = isInstalled('@tensorflow/tfjs-backend-wasm');
if (!hasWasm) console.warn('The WASM backend is not tested: @tensorflow/tfjs-backend-wasm is not installed (npm ci).');

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
const folder = temporaryFolder('tfjs-');

beforeAll(() => {
  tfjs.env().set('IS_TEST', true); // it says nothing of faster backends
  vi.spyOn(console, 'warn').mockImplementation(() => {}); // nor of what has no loops
  if (hasWasm) require('@tensorflow/tfjs-backend-wasm');
});
afterAll(() => tfjs.disposeVariables());

const backends = ['cpu', ...(hasWasm ? ['wasm'] : [])];

describe(`in TensorFlow.js, on its backends ${backends.join(' and ')}`, () => {
  it.each(Object.keys(networks))('%s agrees with its session', async (name) => {
    const { session, outputs, inputs, feeds, expected } = await started(networks[name]!);
    await tf.tfjs.exportGraphModel(session, outputs, folder(), { inputs });
    await session.close();
    for (const backend of backends) {
      await tfjs.setBackend(backend);
      const answers = await answersOf(folder(), feeds);
      expect(Object.keys(answers), backend).toEqual(Object.keys(outputs));
      for (const [key, { data, shape }] of Object.entries(answers)) {
        expect(shape, backend).toEqual(expected[key]!.shape);
        expect(furthest(data, expected[key]!.data), backend).toBeLessThan(1e-5);
      }
    }
  });
});

/** What the model of a folder gives, by the names of its signature. */
async function answersOf(dir: string, feeds: Built['feeds']) {
  const { weightsManifest, ...json } = JSON.parse(readFileSync(path.join(dir, 'model.json'), 'utf8'));
  const [{ paths, weights }] = weightsManifest as [{ paths: string[]; weights: tfjs.io.WeightsManifestEntry[] }];
  const weightData = new Uint8Array(Buffer.concat(paths.map((file) => readFileSync(path.join(dir, file))))).buffer;
  const model = await tfjs.loadGraphModel({ load: async () => ({ ...json, weightSpecs: weights, weightData }) });
  const given = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, tensorOf(value)]));
  const names = Object.keys(json.signature.outputs);
  const answered = await model.executeAsync(given, names);
  const tensors = Array.isArray(answered) ? answered : [answered];
  return Object.fromEntries(names.map((name, i) => [name, { data: tensors[i]!.dataSync(), shape: tensors[i]!.shape }]));
}

function tensorOf({ dtype, data, shape }: tf.HostArray): tfjs.Tensor {
  const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
  return tfjs.tensor(numbers, [...shape], dtype === 'float32' ? 'float32' : 'int32');
}
