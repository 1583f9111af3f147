/** The library's own code for the page, modules that the build makes. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Beside what is compiled; and, for tests that run the sources, there too. */
const folders = [path.join(__dirname, '..'), path.join(__dirname, '..', '..', '..', 'dist', 'notebook')];

const read = new Map<string, string>();

/** A script's text. */
export function pageCode(name: string): string {
  let code = read.get(name);
  if (code === undefined) {
    const files = folders.map((folder) => path.join(folder, `${name}.js`));
    code = readFileSync(files.find(existsSync) ?? files[0]!, 'utf8');
    read.set(name, code);
  }
  return code;
}
