// In a process of its own: it works in another folder.
/** What a program in JavaScript gives by mistake: nothing of it ends the process, and nothing is left to JavaScript or to koffi to say. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { tf } from '../lib/src';
import { type Callable, classNamed, instances, isClass, methodsOf, publicFunctions } from './public';

const junk = () => [
  null,
  undefined,
  Number.NaN,
  {},
  [],
  'x\0',
  Symbol('s'),
  1n,
  () => 1,
  [null],
  [{}],
  new tf.Graph().asDefault(() => tf.constant(1)),
];

/** They start processes, print whatever there is, draw pictures for seconds, or wait for the end of something. */
const others = new Set([
  'tensorboard',
  'display',
  'hyperparameters.search',
  'Figure.show',
  'Figure.toPng',
  'Figure.toHtml',
  'tf.train.Server.join',
  'tf.train.Coordinator.waitForStop',
]);
/** What may take a second, as an agent does that learns, is given little. */
const slow = /^(data\.(getData|readDataSets)|models\.FullyConnected|mnist)/;
/** For classes of one's own, with what the library hands them. */
const internal = new Set(
  [
    'buildNetwork',
    'buildGraph',
    'prepare',
    'describeData',
    'learnFromEpoch',
    'initialized',
    'writer',
    'train',
    'evaluate',
    'loadData',
    'predictionOf',
    'tagsOf',
    'evaluationOf',
    'normalized',
    'columnsOf',
    'finish',
    'checkSet',
    'describeEvaluation',
  ]
    .map((method) => `models.FullyConnected.${method}`)
    .concat(
      ['GradientDescentOptimizer', 'SyncReplicasOptimizer'].flatMap((optimizer) =>
        ['applyGradient', 'applyKernel', 'makeSlot', 'sumRows'].map((method) => `tf.train.${optimizer}.${method}`),
      ),
    ),
);

let folder: string;
const home = process.cwd();
beforeAll(() => {
  // Some of it names files that are then written.
  folder = mkdtempSync(path.join(tmpdir(), 'junk-'));
  process.chdir(folder);
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** What JavaScript says of junk in the place of each of the parameters, where it is left to say it. */
async function riddles(name: string, calledAnew: () => Callable): Promise<string[]> {
  const found: string[] = [];
  for (const value of junk()) {
    tf.resetDefaultGraph();
    const one = tf.constant(1);
    const ways = [[value], [value, value], [one, value], [one, 1, value]];
    const called = calledAnew();
    for (const given of slow.test(name) ? ways.slice(0, 1) : ways) {
      try {
        await called(...given);
      } catch (error) {
        if (!(error instanceof tf.errors.TensorFlowError || error instanceof RangeError))
          found.push(`${name}: ${error}`);
      }
    }
  }
  return found;
}

it('is refused with a sentence by every function and class', async () => {
  const found: string[] = [];
  for (const [name, called] of publicFunctions()) {
    if (others.has(name)) continue;
    const call: Callable = isClass(called) ? (...given) => void Reflect.construct(called, given) : called;
    found.push(...(await riddles(name, () => call)));
  }
  expect([...new Set(found)]).toEqual([]);
});

it('is refused with a sentence by every method of every class', async () => {
  const found: string[] = [];
  for (const [name, [make]] of Object.entries(instances)) {
    for (const method of new Set(methodsOf(classNamed(name).prototype))) {
      const full = `${name}.${method}`;
      if (method === 'constructor' || others.has(full) || internal.has(full)) continue;
      const bound = () => {
        const instance = make() as Record<string, Callable>;
        return (...given: unknown[]) => instance[method]?.(...given);
      };
      found.push(...(await riddles(full, bound)));
    }
  }
  expect([...new Set(found)]).toEqual([]);
});
