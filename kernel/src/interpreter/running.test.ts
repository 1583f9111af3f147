/** In a process of its own: an interpreter takes over a process's output. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const interpreter = path.join(__dirname, '..', '..', 'dist', 'interpreter', 'interpreter.js');

const script = `
const { writeSync } = require('node:fs');
const { Interpreter } = require(${JSON.stringify(interpreter)});
const interpreter = new Interpreter();
const output = { stream() {}, display() {}, clear() {} };
const input = { askAndWait: () => 'typed' };
const said = () => { try { return prompt('x'); } catch (error) { return error.message; } };
(async () => {
  const cell = interpreter.execute('(globalThis as any).begun();', 'In[1]', output, { input });
  const compiling = said();
  let running;
  globalThis.begun = () => { running = said(); };
  await cell;
  writeSync(1, JSON.stringify([compiling, running, said()]));
  interpreter.close();
  process.exit(0);
})();
`;

it('asks by a cell that runs, and not by one that is being compiled or has ended', () => {
  const nobody = 'nothing can be asked once a cell has ended: ask while it runs';
  const said = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual([nobody, 'typed', nobody]);
});
