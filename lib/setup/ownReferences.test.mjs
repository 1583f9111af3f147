import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presentLibrary } from './libtensorflow.mjs';
import { resolveOwnReferences } from './ownReferences.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'references-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [ADDRESS, COPY, DATA, FUNCTION, OWN] = [1, 5, 6, 7, 8];
const [OBJECT, CODE, TLS, CHOSEN_WHEN_LOADED] = [1, 2, 6, 10];
const [GLOBAL, WEAK, UNIQUE] = [1, 2, 10];

/** Where a shared object's only table of references begins: behind the header. */
const REFERENCES = 64;

/** Writes a shared object of symbols `{ name, value, kind, bound, section }` and references `{ type, to, addend }`. */
function put(name, symbols, references, { isLoaded = true } = {}) {
  const strings = Buffer.from(`\0${symbols.map((symbol) => `${symbol.name}\0`).join('')}`);
  const table = Buffer.alloc(24 * (symbols.length + 1));
  symbols.forEach(({ name, value = 0n, kind = CODE, bound = GLOBAL, section = 9 }, i) => {
    const entry = table.subarray(24 * (i + 1));
    entry.writeUInt32LE(strings.indexOf(`\0${name}\0`) + 1, 0);
    entry[4] = (bound << 4) | kind;
    entry.writeUInt16LE(section, 6);
    entry.writeBigUInt64LE(value, 8);
  });
  const asked = Buffer.alloc(24 * references.length);
  references.forEach(({ type, to, addend = 0n }, i) => {
    asked.writeBigUInt64LE(BigInt(0x1000 + i), 24 * i);
    asked.writeUInt32LE(type, 24 * i + 8);
    asked.writeUInt32LE(symbols.findIndex(({ name }) => name === to) + 1, 24 * i + 12);
    asked.writeBigInt64LE(addend, 24 * i + 16);
  });
  const contents = [asked, table, strings];
  const begins = contents.map((_, i) => REFERENCES + Buffer.concat(contents.slice(0, i)).length);
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02', 'latin1');
  header.writeUInt16LE(62, 18);
  header.writeBigUInt64LE(BigInt(REFERENCES + Buffer.concat(contents).length), 40);
  header.writeUInt16LE(contents.length, 60);
  const sections = [4, 11, 3].map((type, i) => {
    const section = Buffer.alloc(64);
    section.writeUInt32LE(type, 4);
    section.writeBigUInt64LE(isLoaded ? 2n : 0n, 8);
    section.writeBigUInt64LE(BigInt(begins[i]), 24);
    section.writeBigUInt64LE(BigInt(contents[i].length), 32);
    section.writeUInt32LE(type === 11 ? 2 : 1, 40);
    return section;
  });
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.concat([header, ...contents, ...sections]));
  return file;
}

/** A shared object's references: how they are, to which symbol, with what addend. */
function referencesIn(file, count) {
  const bytes = readFileSync(file);
  return Array.from({ length: count }, (_, i) => {
    const at = REFERENCES + 24 * i;
    expect(bytes.readBigUInt64LE(at)).toBe(BigInt(0x1000 + i)); // where the address goes
    return [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12), bytes.readBigInt64LE(at + 16)];
  });
}

describe('references to what a shared object defines itself', () => {
  it('become its own addresses', () => {
    const symbols = [
      { name: 'SSL_connect', value: 0x500n },
      { name: 'table', value: 0x700n, kind: OBJECT, bound: WEAK },
    ];
    const main = put('main', symbols, [
      { type: FUNCTION, to: 'SSL_connect', addend: 99n }, // which a reference of this type doesn't have
      { type: DATA, to: 'table' },
      { type: ADDRESS, to: 'table', addend: 16n },
      { type: ADDRESS, to: 'table', addend: -8n },
    ]);
    expect(resolveOwnReferences({ main })).toBe(4);
    expect(referencesIn(main, 4)).toEqual([
      [OWN, 0, 0x500n],
      [OWN, 0, 0x700n],
      [OWN, 0, 0x710n],
      [OWN, 0, 0x6f8n],
    ]);
  });

  it('stay where the linker has more to do than to write an address', () => {
    const symbols = [
      { name: 'chosen', kind: CHOSEN_WHEN_LOADED },
      { name: 'of a thread', kind: TLS },
      { name: 'one in the process', kind: OBJECT, bound: UNIQUE },
      { name: 'absolute', section: 0xfff1 },
      { name: 'copied', kind: OBJECT },
    ];
    const references = symbols.map(({ name }) => ({ type: name === 'copied' ? COPY : DATA, to: name, addend: 3n }));
    const main = put('main', symbols, references);
    const before = readFileSync(main);
    expect(resolveOwnReferences({ main })).toBe(0);
    expect(readFileSync(main)).toEqual(before);
  });

  it('stay in tables that the linker does not read', () => {
    const main = put('main', [{ name: 'f' }], [{ type: FUNCTION, to: 'f' }], { isLoaded: false });
    expect(resolveOwnReferences({ main })).toBe(0);
  });
});

it('references to what is defined elsewhere stay, such as to streams of C++ that the program has', () => {
  const main = put('main', [{ name: '_ZSt4cout', section: 0, kind: OBJECT }], [{ type: DATA, to: '_ZSt4cout' }]);
  expect(resolveOwnReferences({ main })).toBe(0);
  expect(referencesIn(main, 1)).toEqual([[DATA, 1, 0n]]);
});

it('what both files define in C++ goes on being the main one’s, and what they define in C is of each', () => {
  const both = [
    { name: '_ZZ6GlobalvE3reg', value: 0x100n, kind: OBJECT },
    { name: 'X509_PURPOSE_add', value: 0x200n },
  ];
  const references = both.map(({ name }) => ({ type: DATA, to: name }));
  const files = { main: put('main', both, references), framework: put('framework', both, references) };
  expect(resolveOwnReferences(files)).toBe(3);
  expect(referencesIn(files.main, 2).map(([type]) => type)).toEqual([OWN, OWN]);
  expect(referencesIn(files.framework, 2).map(([type]) => type)).toEqual([DATA, OWN]);
});

it('a file that is no shared object for this processor is refused, and stays as it is', () => {
  const main = path.join(folder, 'main');
  writeFileSync(main, 'x'.repeat(100));
  expect(() => resolveOwnReferences({ main })).toThrow(`${main} is no shared object for AMD64`);
  expect(readFileSync(main, 'utf8')).toBe('x'.repeat(100));
});

const framework = process.platform === 'linux' && process.arch === 'x64' && presentLibrary()?.library.framework;

describe.runIf(framework)('libtensorflow', () => {
  const koffi = createRequire(import.meta.url).resolve('koffi');
  /** What the curl in a file calls for zlib's version. */
  const zlibOf = (file) => {
    const program = `const { load } = require(${JSON.stringify(koffi)});
      console.log(load(${JSON.stringify(file)}).func('const char *curl_version()')());
      process.reallyExit();`;
    return /zlib\/([\d.]+)/.exec(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }))[1];
  };

  it('calls its own zlib where Node has functions of the same names', () => {
    const file = path.join(folder, path.basename(framework));
    copyFileSync(framework, file);
    resolveOwnReferences({ main: file });
    expect(process.versions.zlib).not.toContain(zlibOf(file));
  });
});
