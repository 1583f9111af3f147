import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FileMap } from './fileMap';

const folder = mkdtempSync(path.join(tmpdir(), 'maps-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A map by which each line is one of a source. */
const lines = (source: string, count: number) => ({
  version: 3,
  file: 'all.js',
  sources: [source],
  sourcesContent: [],
  names: [],
  sourceRoot: '',
  mappings: ['AAAA', ...Array.from({ length: count - 1 }, () => 'AACA')].join(';'),
});

function mapOf(map: object): FileMap {
  const file = path.join(folder, 'all.js');
  writeFileSync(`${file}.map`, JSON.stringify(map));
  return FileMap.of(file)!;
}

it('leads from a compiled file to its source', () => {
  const place = mapOf(lines('src/one.ts', 3)).original({ line: 2, column: 1 });
  expect(place).toEqual({ file: path.join(folder, 'src/one.ts'), line: 2, column: 1 });
});

it('leads from each part of a file to the source of that part', () => {
  const map = mapOf({
    version: 3,
    sections: [
      { offset: { line: 1, column: 0 }, map: lines('one.ts', 2) },
      { offset: { line: 4, column: 0 }, map: lines('two.ts', 2) },
    ],
  });
  expect([1, 2, 3, 5, 6].map((line) => map.original({ line, column: 1 }))).toEqual([
    undefined,
    { file: path.join(folder, 'one.ts'), line: 1, column: 1 },
    { file: path.join(folder, 'one.ts'), line: 2, column: 1 },
    { file: path.join(folder, 'two.ts'), line: 1, column: 1 },
    { file: path.join(folder, 'two.ts'), line: 2, column: 1 },
  ]);
});

it('finds the sources of the compiled library', () => {
  const file = path.join(__dirname, '../../../lib/dist/modules.js');
  const compiled = readFileSync(file, 'utf8').split('\n');
  const line = compiled.findIndex((text) => text.trim().startsWith('class CallSite')) + 1;
  const column = compiled[line - 1]!.indexOf('class') + 1;
  const place = FileMap.of(file)!.original({ line, column })!;
  expect(readFileSync(place.file, 'utf8').split('\n')[place.line - 1]).toContain('class CallSite');
  expect(FileMap.of(path.join(folder, 'nothing.js'))).toBe(undefined);
});
