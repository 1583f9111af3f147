/** Compilers that begin out of a snapshot, in a process of their own: Node takes none that was started with options, as the tests' are. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const DIST = path.join(__dirname, '..', '..', 'dist');
const folder = mkdtempSync(path.join(tmpdir(), 'snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Tells what a compiler out of the snapshot says of some cells, and another where that is none; and what becomes of the file. */
const script = `
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, statSync, utimesSync, writeFileSync, writeSync } = require('node:fs');
const path = require('node:path');
const { CompilerProcess } = require(${JSON.stringify(path.join(DIST, 'language', 'compilerProcess.js'))});
const { snapshotFile } = require(${JSON.stringify(path.join(DIST, 'snapshot', 'snapshot.js'))});
const cells = ['const one = 1; one', 'one + process.argv.length', 'const no: string = one;', "import { sep } from 'node:path'; sep"];
async function said(folder = process.cwd()) {
  const compiler = new CompilerProcess(folder);
  const outcomes = cells.map((cell, i) => {
    const outcome = compiler.ask('compile', cell, \`In[\${i}]\`).then(({ code }) => code, ({ message }) => message);
    void compiler.ask('declare', []);
    return outcome;
  });
  const answers = await Promise.all(outcomes);
  answers.push((await compiler.ask('inspect', 'setTimeout', 3)).plain.split('\\n')[0]);
  compiler.close();
  return answers;
}
(async () => {
  const file = snapshotFile(process.cwd());
  execFileSync(process.execPath, [${JSON.stringify(path.join(DIST, 'snapshot', 'make.js'))}, process.cwd()]);
  utimesSync(file, 0, 0);
  const isUsed = () => {
    const used = statSync(file).mtimeMs > 0;
    utimesSync(file, 0, 0);
    return used;
  };
  const own = [await said(), isUsed()];
  mkdirSync('elsewhere');
  const elsewhere = [await said(path.resolve('elsewhere')), isUsed()];
  writeFileSync(file, 'none');
  const without = await said();
  writeSync(1, JSON.stringify({ own, elsewhere, without, isLeft: existsSync(file) }));
})();
`;

it('say what any other says, in the folder that it was made for and elsewhere; a file that is no snapshot for this Node is thrown away', () => {
  const file = path.join(folder, 'script.js');
  writeFileSync(file, script);
  const env = {
    ...process.env,
    TF_MECHANICS_CACHE: path.join(folder, 'cache'),
    NODE_OPTIONS: '',
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
  const { own, elsewhere, without, isLeft } = JSON.parse(
    execFileSync(process.execPath, [file], { cwd: folder, env, encoding: 'utf8' }),
  );
  expect(own).toEqual([without, true]);
  expect(elsewhere).toEqual([without, true]);
  expect(without).toEqual([
    expect.stringContaining('const one = 1'),
    expect.stringContaining('exports.one + process.argv.length'),
    expect.stringContaining("Type 'number' is not assignable to type 'string'"),
    expect.stringContaining('$import("node:path", $file)'),
    expect.stringContaining('setTimeout'),
  ]);
  expect(isLeft).toBe(false);
});
