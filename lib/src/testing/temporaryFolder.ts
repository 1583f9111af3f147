/** For tests: a folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A function that gives the folder of the test, which is gone at its end; to be called where tests are described. */
export function temporaryFolder(prefix: string): () => string {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), prefix));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => folder;
}
