/** Resolves imports with the compiler, so that a cell is checked against the module that it gets. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** How a module is requested, which selects a package's entry. */
export type Manner = 'import' | 'require';

/**
 * The options for resolving types and values alike: Node's conditions, with TypeScript's optional file extensions.
 *
 * @param directory the notebook's folder, whose nearest `tsconfig.json` may define `paths`
 */
export function resolutionOptions(directory: string): TypeScript.CompilerOptions {
  return {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    allowArbitraryExtensions: true,
    resolveJsonModule: true,
    // Node's conditions beyond `import`, `require` and `default`, which the compiler adds itself.
    customConditions: ['node', 'node-addons', ...('require_module' in process.features ? ['module-sync'] : [])],
    ...projectPaths(directory),
  };
}

/**
 * `paths` and `baseUrl` of the nearest `tsconfig.json`, including what it extends; ignored for the library's own, since
 * notebooks next to its sources use the built version.
 */
function projectPaths(directory: string): TypeScript.CompilerOptions {
  const file = ts.findConfigFile(directory, ts.sys.fileExists);
  if (!file) return {};
  // Don't enumerate the project's files.
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

/** Resolves requests with the compiler. What it can't resolve, such as native addons, is left to `require`. */
export class ModuleFiles {
  readonly #directory: string;
  readonly #options: TypeScript.CompilerOptions;
  readonly #found = new Map<string, string | undefined>();

  constructor(directory: string) {
    this.#directory = directory;
    // An internal option: resolve to code instead of declarations.
    const internal: object = { noDtsResolution: true };
    this.#options = { ...resolutionOptions(directory), allowJs: true, ...internal };
  }

  /** The file of a module requested from a folder; undefined if there is none. */
  resolve(id: string, directory: string, manner: Manner): string | undefined {
    const key = `${manner} ${directory} ${id}`;
    if (!this.#found.has(key)) this.#found.set(key, this.#resolve(id, directory, manner));
    return this.#found.get(key);
  }

  /** Clears the caches, since files come and go. */
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

/** The compiled file next to a TypeScript file of an installed package: the compiler prefers sources. */
function compiled(file: string): string {
  if (!file.split(path.sep).includes('node_modules')) return file;
  const script = file.replace(/\.([cm]?)tsx?$/, '.$1js');
  return existsSync(script) ? script : file;
}
