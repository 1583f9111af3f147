import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LastWords } from './lastWords';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'words-'));
  file = path.join(folder, 'kernel-1.json');
  writeFileSync(file, '{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

const begun = (code: string, memory = 1e8) => {
  const words = new LastWords(file, 4 * 2 ** 30);
  words.begin(JSON.stringify({ code, execution_count: 7 }));
  words.use(memory);
  return words;
};
const before = () => new LastWords(file, 4 * 2 ** 30).before;

describe('the last words of a kernel', () => {
  it('say in which cell it ended, once, and why where memory is the reason', () => {
    begun('\n// first\nfor (;;);', 3.9 * 2 ** 30);
    expect(before()).toMatch(/ran out of memory \(3\.9 GB of 4\.0 GB\) in In\[7\], which begins with “\/\/ first”\. /);
    expect(before()).toBeUndefined();
  });

  it('say that it was another reason, and that the cell had ended', () => {
    begun('train()').end();
    expect(before()).toBe(
      'The kernel before this one ended without a word (a crash, or a signal) after In[7], which begins with “train()”. Its variables are gone: run the cells above again.\n',
    );
  });

  it('are none of one that came to a proper end, or ran no cell', () => {
    begun('1').close();
    expect(before()).toBeUndefined();
    new LastWords(file, 1).use(1e9);
    expect(readdirSync(folder)).toEqual(['kernel-1.json']);
  });

  it('of kernels that nobody will start again are removed', () => {
    begun('1');
    rmSync(file);
    file = path.join(folder, 'kernel-2.json');
    expect(before()).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are none where there is no file, or none can be written, or it is broken', () => {
    expect(new LastWords(undefined, 1).before).toBeUndefined();
    new LastWords(path.join(folder, 'none', 'x.json'), 1).begin('{"code":"1","execution_count":1}');
    writeFileSync(`${file}.last`, '{');
    expect(before()).toBeUndefined();
  });
});
