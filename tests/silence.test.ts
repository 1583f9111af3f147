/** TensorFlow's log: silent in every thread and test runner, unless the user wants to hear it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.join(__dirname, '..');
const library = path.join(root, 'lib', 'dist');

let folder: string;
beforeAll(() => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(path.join(root, '.cache', 'silence-')); // within the repository, where vitest is found
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program prints that runs an operation; of it `COMPUTE` is a text with the statements that do. */
function output(program: string, logLevel?: string, options: readonly string[] = ['-e', program]): string {
  const { TF_CPP_MIN_LOG_LEVEL: _, ...others } = process.env;
  const env = logLevel === undefined ? others : { ...others, TF_CPP_MIN_LOG_LEVEL: logLevel };
  const { stdout, stderr } = spawnSync(process.execPath, options, { cwd: folder, env, encoding: 'utf8' });
  return stdout + stderr;
}

const compute = `
const { tf } = require(${JSON.stringify(library)});
console.log(new tf.Session().runSync(tf.add(1, 2)));`;
const inWorker = (options: string) =>
  `new (require('worker_threads').Worker)(${JSON.stringify(compute)}, { eval: true, ${options} });`;
const inCopy = `process.env = { ...process.env };${compute}`;

it.each([
  ['a worker thread', inWorker('')],
  ['a worker thread with an environment of its own', inWorker('env: {}')],
  ['a test runner that has a copy of the environment, as Jest', inCopy],
])('is silent in %s', (_, program) => {
  expect(output(program)).toBe('3\n');
});

it('is heard where the user has asked for it, also where a worker thread has an environment without that', () => {
  expect(output(inWorker('env: {}'), '0')).toMatch(/ I tensorflow\/.*\n/);
});

it('is heard where a worker thread alone has asked for it', () => {
  expect(output(inWorker("env: { TF_CPP_MIN_LOG_LEVEL: '0' }"))).toMatch(/ I tensorflow\/.*\n/);
});

it("is silent where tfjs-node's addon comes first", () => {
  const program = `console.log(require(${JSON.stringify(library)}).tf.hostArray([1, 2]).toTensor().shape)`;
  expect(output(program)).not.toMatch(/ [IWE] tensorflow\//);
});

it("is silent in vitest's threads", () => {
  const test = `import { expect, it } from 'vitest'; import { createRequire } from 'node:module';
    const { tf } = createRequire(import.meta.url)(${JSON.stringify(library)});
    it('computes', () => expect(new tf.Session().runSync(tf.add(1, 2))).toBe(3));`;
  writeFileSync(path.join(folder, 'one.test.mjs'), test);
  writeFileSync(path.join(folder, 'vitest.config.mjs'), 'export default {}');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const printed = output('', undefined, [vitest, 'run', '--pool', 'threads', '--root', folder]);
  expect(printed).toMatch(/1 passed/);
  expect(printed).not.toMatch(/ [IWE] tensorflow\//);
});
