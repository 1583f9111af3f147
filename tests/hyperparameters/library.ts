/** The library as JavaScript, for its worker processes: from the sources as they are. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';

const root = path.join(__dirname, '..', '..');

/** The module of toy trials. */
export const trialsModule = path.join(__dirname, 'trials.cjs');

/** Compiles what the search needs to a folder for temporary files; gives the path of the compiled `hyperparameters`. */
export async function compileSearch(folder: string): Promise<string> {
  const sources = ['hyperparameters', 'data', 'runtime', 'protos', 'tf']
    .flatMap((name) => listFiles(path.join(root, 'lib', 'src', name)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const library = path.join(folder, 'lib');
  await build({
    entryPoints: sources.map((file) => path.resolve(root, file)),
    outbase: path.join(root, 'lib', 'src'),
    outdir: path.join(library, 'dist'),
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  for (const name of ['protos', 'shared']) fs.symlinkSync(path.join(root, 'lib', name), path.join(library, name));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(library, 'node_modules'));
  return path.join(library, 'dist', 'hyperparameters');
}

/** A new folder for temporary files. */
export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'search-'));
}

function listFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}
