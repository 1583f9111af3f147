/** In which of the compiler's programs cells are, in a process of its own: tslab's compiler is made once. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

const LANGUAGE = path.join(__dirname, '..', 'dist', 'language');

/** Compiles cells; gives of each whether it is in the program of the one before, and what is objected to. */
const script = (cells: readonly string[]) => `
const { writeSync, writeFileSync } = require('node:fs');
const { LanguageEngine } = require(${JSON.stringify(path.join(LANGUAGE, 'engine.js'))});
const { taps } = require(${JSON.stringify(path.join(LANGUAGE, 'tslab.js'))});
const engine = new LanguageEngine(process.cwd());
const program = () => taps.tapped.program.getProgram();
const said = [];
let last = program();
for (const cell of ${JSON.stringify(cells)}) {
  if (cell.startsWith('own.ts: ')) {
    writeFileSync('own.ts', cell.slice(8));
    continue;
  }
  let error = '';
  try {
    engine.declare(engine.compile(cell, 'cell'));
  } catch ({ message }) {
    error = /TS\\d+/.exec(message)?.[0] ?? message;
  }
  said.push([program() === last ? 'same' : 'new', error].filter(Boolean).join(' '));
  last = program();
}
writeSync(1, JSON.stringify(said));
process.exit(0);
`;

it('goes on with the program of the cell before, where only the cell is another', () => {
  const cells: readonly (readonly [cell: string, program: string])[] = [
    ['const one = 1;', 'same'],
    ['one + 1', 'same'],
    ["import { sep } from 'node:path'; const two: number = one + sep.length;", 'same'],
    ['const one = sep; one.length + two', 'same'],
    ["const three: number = 'three';", 'same TS2322'],
    ['one.length', 'new'],
    ["// @ts-expect-error\nconst three: number = 'three';", 'same'],
    ['\n// @ts-expect-error\none.length', 'new TS2578'],
    ["import { own } from './own'; own.length", 'new'],
    ["import { own } from './own'; own + 1", 'same'],
    ['own.ts: export const own = 1;', ''],
    ['const four: string = own;', 'same'], // as it was imported, until it is imported again
    ["import { own } from './own'; const five: string = own;", 'new TS2322'],
    ["import { none } from './none';", 'new TS2307'],
    ['declare global { var everywhere: number }', 'new'],
    ['everywhere + 1', 'new'],
  ];
  const cwd = mkdtempSync(path.join(tmpdir(), 'exchange-'));
  try {
    writeFileSync(path.join(cwd, 'package.json'), '{}');
    writeFileSync(path.join(cwd, 'own.ts'), "export const own = 'own';");
    const said = execFileSync(process.execPath, ['-e', script(cells.map(([cell]) => cell))], { cwd, encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(cells.map(([, program]) => program).filter(Boolean));
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
