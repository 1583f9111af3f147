import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileWriterCache } from './fileWriterCache';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cache-'));
});
afterEach(async () => {
  await FileWriterCache.clear();
  fs.rmSync(folder, { recursive: true });
});

it('gives one writer a folder, whatever the folder is called', () => {
  const writer = FileWriterCache.get(folder);
  expect(FileWriterCache.get(path.join(folder, 'x', '..'))).toBe(writer);
  expect(FileWriterCache.get(path.join(folder, 'x'))).not.toBe(writer);
});

it('gives one that writes: again where it was closed, another where its file is gone', async () => {
  const writer = FileWriterCache.get(folder);
  await writer.close();
  expect(FileWriterCache.get(folder)).toBe(writer);
  writer.scalar('x', 1);
  fs.rmSync(writer.path);
  const other = FileWriterCache.get(folder);
  expect(other).not.toBe(writer);
  await other.flush();
  await FileWriterCache.clear();
  expect(FileWriterCache.get(folder)).not.toBe(other);
});
