import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { exportsOf, indexCode } from './sourceIndex.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'index-'));
afterAll(() => rmSync(folder, { recursive: true }));

function entriesOf(text) {
  const file = path.join(folder, 'index.ts');
  writeFileSync(file, text);
  return exportsOf(file);
}

const source = `import './runtime/first';
export * as plot from './plot';
export { type One, one as two } from './one';
export type { Three } from './three';
export * from './all';
export * as tf from './tf';
import './plot/effect';
`;

it('reads what an index exports, without its types', () => {
  expect(entriesOf(source)).toEqual([
    { from: './runtime/first' },
    { from: './plot', as: 'plot' },
    { from: './one', name: 'one', as: 'two' },
    { from: './all', star: true },
    { from: './tf', as: 'tf' },
    { from: './plot/effect' },
  ]);
});

it('refuses an index that does more', () => {
  for (const text of ['export const a = 1;', "import { a } from './a';", 'console.log(1);'])
    expect(() => entriesOf(text)).toThrow('is an index: it only exports what other modules have');
});

it('loads later what may come later, and runs what is imported for what it does with the room where there is one', () => {
  const order = [];
  const modules = { './plot': { isPlot: true }, './one': { one: 1 }, './tf': { isTf: true }, './all': { four: 4 } };
  const require = (name) => {
    order.push(name);
    return modules[name];
  };
  const exports = {};
  const isLater = (module) => ['./plot', './one'].includes(module);
  new Function('exports', 'require', indexCode(entriesOf(source), isLater))(exports, require);
  expect(order).toEqual(['./runtime/first', './all', './tf']);
  expect([exports.plot, exports.two, exports.four, exports.tf]).toEqual([{ isPlot: true }, 1, 4, { isTf: true }]);
  expect(order.slice(3)).toEqual(['./plot', './plot/effect', './one']);
});
