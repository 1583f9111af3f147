/** Which file a request means: the compiler's own answer, so that what a cell is checked against and what it gets are one module. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** How a module is asked for, which decides what a package gives. */
export type Manner = 'import' | 'require';

/**
 * How requests are resolved, for types and values alike: as Node does by its conditions, and as TypeScript's users write them, with or
 * without the endings of files.
 *
 * @param directory the notebook's folder, whose nearest `tsconfig.json` may have `paths`
 */
export function resolutionOptions(directory: string): TypeScript.CompilerOptions {
  return {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    allowArbitraryExtensions: true,
    resolveJsonModule: true,
    // What Node looks for beside `import`, `require` and `default`; the compiler adds those two itself.
    customConditions: ['node', 'node-addons', ...('require_module' in process.features ? ['module-sync'] : [])],
    ...projectPaths(directory),
  };
}

/**
 * `paths` and `baseUrl` of the nearest `tsconfig.json`, or of what that extends; but for the library's: notebooks beside its sources have it as
 * it was built.
 */
function projectPaths(directory: string): TypeScript.CompilerOptions {
  const file = ts.findConfigFile(directory, ts.sys.fileExists);
  if (!file) return {};
  // No folder is searched for the files of the project.
  const host: TypeScript.ParseConfigHost = { ...ts.sys, readDirectory: () => [] };
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { config?: object };
  const { options } = ts.parseJsonConfigFileContent(config ?? {}, host, path.dirname(file));
  const { paths, baseUrl, pathsBasePath } = options;
  const own = Object.entries(paths ?? {}).filter(([name]) => !/^tf-mechanics(\/|$)/.test(name));
  return {
    ...(own.length > 0 && { paths: Object.fromEntries(own), pathsBasePath }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

/** Files by requests, as the compiler finds them; what it doesn't, such as an addon in machine code, `require` may. */
export class ModuleFiles {
  readonly #directory: string;
  readonly #options: TypeScript.CompilerOptions;
  readonly #found = new Map<string, string | undefined>();

  constructor(directory: string) {
    this.#directory = directory;
    // Of the compiler's internal options: to look for what runs, not for its declarations.
    const internal: object = { noDtsResolution: true };
    this.#options = { ...resolutionOptions(directory), allowJs: true, ...internal };
  }

  /** The file that a module in a folder means; undefined where there is none. */
  resolve(id: string, directory: string, manner: Manner): string | undefined {
    const key = `${manner} ${directory} ${id}`;
    if (!this.#found.has(key)) this.#found.set(key, this.#resolve(id, directory, manner));
    return this.#found.get(key);
  }

  /** Looks anew for everything: files come and go. */
  forget(): void {
    this.#found.clear();
  }

  #resolve(id: string, directory: string, manner: Manner): string | undefined {
    const mode = manner === 'import' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
    const host = { ...ts.sys, getCurrentDirectory: () => this.#directory };
    const importer = path.join(directory, manner === 'import' ? 'cell.mts' : 'cell.cts');
    const { resolvedModule } = ts.resolveModuleName(id, importer, this.#options, host, undefined, undefined, mode);
    return resolvedModule && compiled(path.normalize(resolvedModule.resolvedFileName));
  }
}

/** What an installed package has of a file of TypeScript: the compiler prefers sources that lie beside what runs. */
function compiled(file: string): string {
  if (!file.split(path.sep).includes('node_modules')) return file;
  const script = file.replace(/\.([cm]?)tsx?$/, '.$1js');
  return existsSync(script) ? script : file;
}
