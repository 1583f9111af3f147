import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/temporaryFolder';
import { FileWriterCache } from './fileWriterCache';

const folder = temporaryFolder('cache-');
afterEach(() => FileWriterCache.clear());

it('gives one writer a folder, whatever the folder is called', () => {
  const writer = FileWriterCache.get(folder());
  expect(FileWriterCache.get(path.join(folder(), 'x', '..'))).toBe(writer);
  expect(FileWriterCache.get(path.join(folder(), 'x'))).not.toBe(writer);
});

it('gives one that writes: again where it was closed, another where its file is gone', async () => {
  const writer = FileWriterCache.get(folder());
  await writer.close();
  expect(FileWriterCache.get(folder())).toBe(writer);
  writer.scalar('x', 1);
  fs.rmSync(writer.path);
  const other = FileWriterCache.get(folder());
  expect(other).not.toBe(writer);
  await other.flush();
  await FileWriterCache.clear();
  expect(FileWriterCache.get(folder())).not.toBe(other);
});
