/** The library as JavaScript, for processes that tests start: from the sources as they are. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const lib = path.join(__dirname, '..', '..');

/**
 * Compiles rooms of the library to a folder for temporary files.
 *
 * @param rooms folders of `lib/src`, such as `tf`, and all that they import
 * @returns the folder in which the compiled rooms lie
 */
export function compileLibrary(folder: string, rooms: readonly string[]): string {
  const entryPoints = rooms.flatMap((room) => {
    const files = fs.readdirSync(path.join(lib, 'src', room), { recursive: true }).map(String);
    return files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => path.join(lib, 'src', room, file));
  });
  const outdir = path.join(folder, 'lib', 'dist');
  buildSync({ entryPoints, outbase: path.join(lib, 'src'), outdir, platform: 'node', format: 'cjs', target: 'node20' });
  for (const name of ['protos', 'shared']) fs.symlinkSync(path.join(lib, name), path.join(folder, 'lib', name));
  fs.symlinkSync(path.join(lib, '..', 'node_modules'), path.join(folder, 'lib', 'node_modules'));
  return outdir;
}
