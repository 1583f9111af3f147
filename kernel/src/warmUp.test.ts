/** What the kernel does at leisure, in a process of its own: an interpreter takes over a process's output. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const KERNEL = path.join(__dirname, '..', 'dist', 'interpreter', 'interpreter.js');

/** Runs as Node does in the notebooks' folder; gives what it writes to stdout. */
const script = `
const { writeSync } = require('node:fs');
const { Interpreter } = require(${JSON.stringify(KERNEL)});
const interpreter = new Interpreter();
const output = { stream() {}, display() {}, clear() {} };
const run = async (code) => {
  const { result, error } = await interpreter.execute(code, 'In[1]', output);
  return result?.['text/plain'] ?? error?.evalue;
};
const isLoaded = () => Object.keys(require.cache).some((file) => file.endsWith(require('node:path').join('lib', 'dist', 'index.js')));
(async () => {
  const said = [await run('const one = 1; one')];
  for await (const _ of interpreter.warmUp('no-such-package'));
  const steps = [];
  for await (const _ of interpreter.warmUp('tf-mechanics')) {
    steps.push(isLoaded());
    if (steps.length === 5) said.push(await run('one + 1'));
  }
  said.push(steps[0] === false && steps.length >= 5, steps.at(-1), await run('one + 1'), await run('tf'), await run("import { tf } from 'tf-mechanics'; typeof tf.square"), await run('const no: string = tf.square;'));
  writeSync(1, JSON.stringify(said));
  interpreter.close();
  process.exit(0);
})();
`;

it('readies what imports the library in steps between which a cell can run, and which none sees before it imports that', () => {
  const cwd = path.join(__dirname, '..', '..', 'notebooks');
  const said = execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' });
  const [one, ...others] = JSON.parse(said);
  expect(one).toBe('1');
  expect(others.slice(0, 4)).toEqual(['2', true, true, '2']);
  expect(others[4]).toContain("Cannot find name 'tf'");
  expect(others[5]).toBe("'function'");
  expect(others[6]).toContain("is not assignable to type 'string'");
});
