import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataLossError, NotFoundError } from '../runtime/errors';
import { Journal, readJournal } from './journal';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'journal-'));
  file = path.join(folder, 'journal.jsonl');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function append(...records: object[]): void {
  const journal = new Journal(file);
  for (const record of records) journal.append(record);
  journal.close();
}

it('has what was added, each time it is opened', () => {
  expect(readJournal(file)).toEqual([]);
  append({ a: 1 }, { text: 'with\na line' });
  append({ b: 2 });
  expect(readJournal(file)).toEqual([{ a: 1 }, { text: 'with\na line' }, { b: 2 }]);
});

it('passes over a last line that was cut off, wherever that was, and goes on behind the one before', () => {
  append({ a: 1 }, { name: 'naïve' });
  const whole = fs.readFileSync(file);
  const first = whole.indexOf('\n') + 1;
  for (let length = first; length < whole.length; length++) {
    fs.writeFileSync(file, whole.subarray(0, length));
    expect(readJournal(file)).toEqual([{ a: 1 }]);
    append({ c: 3 });
    expect(readJournal(file)).toEqual([{ a: 1 }, { c: 3 }]);
  }
});

it('tells where another line is broken', () => {
  fs.writeFileSync(file, '{"a":1}\n{"b"\n{"c":3}\n');
  expect(() => readJournal(file)).toThrow(DataLossError);
  expect(() => readJournal(file)).toThrow(/^line 2 of .*journal.jsonl is no JSON: \{"b"$/);
});

it('cannot be opened in a folder that is not there', () => {
  expect(() => new Journal(path.join(folder, 'none', 'j'))).toThrow(NotFoundError);
});

it.runIf(fs.existsSync('/proc/self/fd'))('leaves no file open where it can not be begun', () => {
  const descriptors = () => fs.readdirSync('/proc/self/fd').length;
  const before = descriptors();
  for (let i = 0; i < 20; i++) expect(() => new Journal('/dev/null')).toThrow(/^could not open the journal/); // a device has no end
  expect(descriptors()).toBeLessThan(before + 10);
});
