/** Where a project's modules lie, and in which language they are. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What is compiled before it runs. */
export const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'] as const;

/** What TypeScript's users write for a file that only its compilation would have that name. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** The TypeScript that is meant by `./x`, `./x.js`, `./x.ts` or `./folder`, in the compiler's order; undefined for other requests. */
export function typeScriptFile(id: string, directory: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(id) && !path.isAbsolute(id)) return undefined;
  const file = path.resolve(directory, id);
  const extension = path.extname(file);
  const sources = SOURCES[extension] ?? [];
  const candidates = [
    ...(TYPESCRIPT.some((known) => known === extension) ? [file] : []),
    ...['.ts', '.tsx'].map((added) => file + added),
    ...sources.map((source) => file.slice(0, -extension.length) + source),
    ...(isFile(file) ? [] : ['.ts', '.tsx'].map((added) => path.join(file, `index${added}`))),
  ];
  return candidates.find(isFile);
}

/** A target in the `exports` of a package, as far as they are of any use here. */
type Exported = string | { readonly [key: string]: Exported } | null | undefined;

/** The file that a package exports to `import` alone. */
export function importedFile(id: string, directory: string): string | undefined {
  const [, name, below] = /^(@[^/]+\/[^/]+|[^/]+)(.*)$/.exec(id) ?? [];
  for (let folder = directory; name; folder = path.dirname(folder)) {
    const own = path.join(folder, 'node_modules', name);
    const file = path.join(own, 'package.json');
    if (isFile(file)) {
      const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports?: Exported };
      const target = imported(entry(exports, `.${below}`));
      return target && path.join(own, target);
    }
    if (folder === path.dirname(folder)) return undefined;
  }
  return undefined;
}

/** What stands in `exports` for `./x`, or for a pattern that it fits. */
function entry(exports: Exported, request: string): Exported {
  if (typeof exports !== 'object' || exports === null || !Object.keys(exports).some((key) => key.startsWith('.')))
    return request === '.' ? exports : undefined;
  if (request in exports) return exports[request];
  for (const [key, target] of Object.entries(exports)) {
    const [before = '', after] = key.split('*');
    if (after === undefined || request.length < key.length || !request.startsWith(before) || !request.endsWith(after))
      continue;
    return imported(target)?.replaceAll('*', request.slice(before.length, request.length - after.length));
  }
  return undefined;
}

function imported(target: Exported): string | undefined {
  if (typeof target === 'string') return target;
  const found = Object.entries(target ?? {}).find(([condition]) => ['node', 'import', 'default'].includes(condition));
  return found && imported(found[1]);
}

/** Whether a file of JavaScript is an ECMAScript module. */
export function isModule(file: string): boolean {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  try {
    return JSON.parse(readFileSync(path.join(packageOf(file), 'package.json'), 'utf8')).type === 'module';
  } catch {
    return false; // no package, or one that Node will object to
  }
}

/** Whether a file may change while the notebook runs: a local one, or one of a package that is linked and not installed. */
export function isUnderDevelopment(file: string): boolean {
  return !file.split(path.sep).includes('node_modules');
}

/** The folder of the package that a file is of. */
export function packageOf(file: string): string {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  return folder;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
