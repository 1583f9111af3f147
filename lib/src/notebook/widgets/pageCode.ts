/** The library's own page code: modules made by the build. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Next to the compiled files; and there too for tests that run the sources. */
const folders = [path.join(__dirname, '..'), path.join(__dirname, '..', '..', '..', 'dist', 'notebook')];

const read = new Map<string, string>();

/** The text of a script. */
export function pageCode(name: string): string {
  let code = read.get(name);
  if (code === undefined) {
    const files = folders.map((folder) => path.join(folder, `${name}.js`));
    code = readFileSync(files.find(existsSync) ?? files[0]!, 'utf8');
    read.set(name, code);
  }
  return code;
}
