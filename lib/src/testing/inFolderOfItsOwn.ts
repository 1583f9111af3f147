/** Tests that write into the folder they work in. */
import { afterEach, beforeEach } from 'vitest';
import { temporaryFolder } from './temporaryFolder';

/** Has each test work in a folder of its own, and come back from there; to be called where tests are described. */
export function inFolderOfItsOwn(): void {
  const folder = temporaryFolder('own-');
  const home = process.cwd();
  beforeEach(() => process.chdir(folder()));
  afterEach(() => process.chdir(home));
}
