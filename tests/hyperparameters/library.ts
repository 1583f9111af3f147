/** The library as JavaScript, for its worker processes: from the sources as they are. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { compileLibrary } from '../../lib/src/testing/compileLibrary';

/** The module of toy trials. */
export const trialsModule = path.join(__dirname, 'trials.cjs');

/** Compiles what the search needs to a folder for temporary files; gives the path of the compiled `hyperparameters`. */
export async function compileSearch(folder: string): Promise<string> {
  return path.join(compileLibrary(folder, ['hyperparameters', 'data', 'runtime', 'protos', 'tf']), 'hyperparameters');
}

/** A new folder for temporary files. */
export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'search-'));
}
