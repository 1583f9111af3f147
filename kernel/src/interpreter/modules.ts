/** What `import` and `require` give in a cell. A package under development is loaded anew once it has been rebuilt. */
import { readFileSync, statSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MimeBundle, notebookHost } from 'tf-mechanics/kernel-host';
import type { KnownPackages } from '../language/engine';
import { compileModule } from '../language/module';
import { IMPORT_META, INTERRUPT_CHECK, INTERRUPT_FLAG } from '../language/transform';
import { importedFile, isModule, isUnderDevelopment, packageOf, TYPESCRIPT, typeScriptFile } from '../projectFiles';
import { replace } from './process';

/** What compiled code finds in the process: cells get all of it as parameters, modules have what is Node's of their own. */
export interface CellGlobals {
  readonly [INTERRUPT_FLAG]: Int32Array;
  readonly [INTERRUPT_CHECK]: () => void;
  readonly [IMPORT_META]: (file: string) => ImportMeta;
  /** The variables of all cells by name. */
  readonly exports: Record<string, unknown>;
  readonly require: NodeJS.Require;
  readonly module: Module;
  readonly __filename: string;
  readonly __dirname: string;
}

/** What code needs that was transformed. */
const TRANSFORMED = [INTERRUPT_FLAG, INTERRUPT_CHECK, IMPORT_META] as const;
const NAMES: readonly (keyof CellGlobals)[] = [
  ...TRANSFORMED,
  'exports',
  'require',
  'module',
  '__filename',
  '__dirname',
];

/** The symbol of `globalThis` under which the globals are: code that is run has nothing else in common with this file. */
const GLOBALS = Symbol.for('tf-mechanics.cell');
const globals = `globalThis[Symbol.for('${GLOBALS.description}')]`;

/** Puts the globals where compiled code finds them; the result takes them away. */
export function setCellGlobals(value: CellGlobals): () => void {
  return replace(globalThis, GLOBALS, { configurable: true, value });
}

/** The names of a cell's parameters, and the expressions that they get. */
export const cellParameters = { names: NAMES.join(', '), values: NAMES.map((name) => `${globals}.${name}`).join(', ') };

/** Gives compiled modules what they need. */
const PRELUDE = `'use strict'; const { ${TRANSFORMED.join(', ')} } = ${globals};`;

/** Node's loader as far as its declarations conceal it. */
type LoadedModule = Module & { _compile(code: string, file: string): void };
const extensions = Module as unknown as {
  readonly _extensions: Record<string, ((module: LoadedModule, file: string) => void) | undefined>;
};

/** `import.meta` of a file. */
export function importMeta(file: string): ImportMeta {
  const native = createRequire(file);
  return {
    url: pathToFileURL(file).href,
    filename: file,
    dirname: path.dirname(file),
    resolve: (id: string) => {
      const found = native.resolve(id);
      return isBuiltin(found) ? `node:${found.replace(/^node:/, '')}` : pathToFileURL(found).href;
    },
  } as ImportMeta;
}

export class CellModules {
  readonly #directory: string;
  readonly #packages: KnownPackages;
  readonly #fromDirectory: NodeJS.Require;
  /** CommonJS of modules that are cells by path, and what has been loaded of them. */
  readonly #sources = new Map<string, string>();
  readonly #loaded = new Map<string, Module>();
  /** When files under development were last written, as they were loaded. */
  readonly #written = new Map<string, number>();
  /** Whether the files of a folder that end alike are ECMAScript modules, while something is loaded. */
  readonly #areModules = new Map<string, boolean>();
  readonly #onCompiled: (file: string, map: string) => void;

  /**
   * @param directory the folder from which requests are resolved
   * @param packages folders of packages to use where there are none of the name
   * @param onCompiled is told the source map of every module that is compiled
   */
  constructor(directory: string, packages: KnownPackages, onCompiled: (file: string, map: string) => void) {
    this.#onCompiled = onCompiled;
    this.#directory = directory;
    this.#packages = packages;
    this.#fromDirectory = createRequire(path.join(directory, 'cell.js'));
  }

  /**
   * Has every `require` of this process compile TypeScript, and the ECMAScript modules of what is under development, whose imports then
   * are calls of `require`, too: what has changed of them can be loaded anew.
   *
   * @returns what undoes it
   */
  install(): () => void {
    const known = extensions._extensions;
    const before = { ...known };
    const native = before['.js']!;
    for (const extension of TYPESCRIPT) known[extension] = (module, file) => this.#compile(module, file);
    for (const extension of ['.js', '.mjs'])
      known[extension] = (module, file) =>
        isUnderDevelopment(file) && this.#isModule(file)
          ? this.#compile(module, file)
          : (before[extension] ?? native)(module, file);
    return () => {
      for (const extension of [...TYPESCRIPT, '.js', '.mjs']) {
        if (before[extension]) known[extension] = before[extension];
        else delete known[extension];
      }
    };
  }

  #isModule(file: string): boolean {
    const folder = path.dirname(file) + path.extname(file);
    const known = this.#areModules.get(folder) ?? isModule(file);
    this.#areModules.set(folder, known);
    return known;
  }

  #compile(module: LoadedModule, file: string): void {
    const { code, map } = compileModule(readFileSync(file, 'utf8'), file);
    const { mappings, ...rest } = JSON.parse(map) as { mappings: string };
    this.#onCompiled(file, JSON.stringify({ ...rest, mappings: `;${mappings}` })); // a line more, which is the prelude's
    const load = Module.prototype.require.bind(module);
    const native = Object.assign(load, createRequire(file));
    module.require = Object.assign((id: string) => this.#require(id, path.dirname(file), native), native);
    module._compile(`${PRELUDE}\n${code}`, file);
  }

  /** Takes modules that are cells, compiled, in the place of what was loaded of them. */
  add(modules: ReadonlyMap<string, string>): void {
    for (const [file, code] of modules) {
      this.#sources.set(file, code);
      this.#loaded.delete(file);
    }
  }

  /**
   * Forgets modules that were being loaded when a signal broke the cell: no `finally` ran, not even Node's own, so they would stay half of
   * what they are for whoever imports them next.
   */
  forgetUnfinished(): void {
    for (const [file, module] of this.#loaded) if (!module.loaded) this.#loaded.delete(file);
    const unfinished = Object.values(require.cache).filter((module) => module?.loaded === false) as Module[];
    // One that was loaded meanwhile may have taken what there was of one that wasn't, where modules import each other.
    const modules = unfinished.flatMap((module) => reachable(module));
    this.#drop([...withImporters(unfinished, modules)].map(({ filename }) => filename));
  }

  /** `module` as cells have it, whose `require` is theirs. */
  module(file: string, exports: unknown): Module {
    const native = this.#fromDirectory;
    const require = Object.assign((id: string) => this.#require(id, this.#directory, native), native);
    return Object.assign(new Module(file, undefined), { exports, filename: file, require });
  }

  #require(id: string, directory: string, native: NodeJS.Require): unknown {
    if (id === 'tslab') return tslab();
    return this.#cellModule(id, directory) ?? this.#external(id, directory, native);
  }

  /** A module that is a cell. */
  #cellModule(id: string, directory: string): unknown {
    const file = path.join(directory, path.extname(id) ? id : `${id}.js`).replaceAll('\\', '/');
    const loaded = this.#loaded.get(file);
    if (loaded) return loaded.exports;
    const source = this.#sources.get(file);
    if (source === undefined) return undefined;
    const module = new Module(file, undefined) as Module & { _compile(code: string, file: string): void };
    const native = createRequire(file);
    module.filename = file;
    module.require = Object.assign((id: string) => this.#require(id, path.dirname(file), native), native);
    this.#loaded.set(file, module); // before it runs, for modules that import each other
    try {
      module._compile(`${PRELUDE} ${source}`, file);
      module.loaded = true;
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
    return module.exports;
  }

  #external(id: string, directory: string, native: NodeJS.Require): unknown {
    const file = typeScriptFile(id, directory) ?? this.#resolve(id, directory, native);
    if (file === undefined || !isUnderDevelopment(file)) return native(file ?? id);
    const folder = packageOf(file);
    const isOwn = /^\.{0,2}\//.test(id) || folder === packageOf(path.join(directory, 'cell.js'));
    if (isOwn) this.#forgetChanged(file);
    else if (this.#isStale(folder)) this.#forget(folder);
    this.#areModules.clear();
    try {
      return native(file);
    } finally {
      this.#remember();
    }
  }

  /** The file of a module that is none of Node's own. */
  #resolve(id: string, directory: string, native: NodeJS.Require): string | undefined {
    if (isBuiltin(id)) return undefined;
    try {
      return native.resolve(id);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return importedFile(id, directory);
      const known = Object.entries(this.#packages).find(([name]) => id === name || id.startsWith(`${name}/`));
      if (!known) return undefined; // the request itself will say what is wrong
      const [name, folder] = known;
      const own = createRequire(path.join(folder, 'package.json'));
      try {
        return own.resolve(id); // as its `exports` say, which a package may use itself
      } catch {
        return own.resolve(path.join(folder, id.slice(name.length)));
      }
    }
  }

  #isStale(folder: string): boolean {
    return loadedFrom(folder).some((file) => this.#hasChanged(file));
  }

  #hasChanged(file: string): boolean {
    const written = this.#written.get(file);
    return written !== undefined && written !== lastWritten(file);
  }

  #forget(folder: string): void {
    this.#drop(loadedFrom(folder));
  }

  /** Forgets what has changed of a module and of all that it imports, and whatever imports that in turn; other packages as a whole. */
  #forgetChanged(file: string): void {
    const modules = reachable(require.cache[file], isUnderDevelopment);
    const stale = modules.filter((module) => this.#hasChanged(module.filename) || !isCurrent(module));
    const own = packageOf(file);
    for (const { filename } of withImporters(stale, modules)) {
      const folder = packageOf(filename);
      if (folder === own) this.#drop([filename]);
      else this.#forget(folder);
    }
  }

  #drop(files: readonly string[]): void {
    for (const file of files) {
      delete require.cache[file];
      this.#written.delete(file);
    }
  }

  #remember(): void {
    for (const file of Object.keys(require.cache))
      if (!this.#written.has(file) && isUnderDevelopment(file)) this.#written.set(file, lastWritten(file));
  }
}

/** A module that is loaded, and all that it imports, as far as their files are looked for. */
function reachable(first: Module | undefined, isWanted: (file: string) => boolean = () => true): Module[] {
  const found = new Set<Module>();
  const visit = (module: Module | undefined) => {
    if (!module?.filename || found.has(module) || !isWanted(module.filename)) return;
    found.add(module);
    module.children.forEach(visit);
  };
  visit(first);
  return [...found];
}

/** Some modules with those among `modules` that import one of them, by whatever way. */
function withImporters(some: readonly Module[], modules: readonly Module[]): Set<Module> {
  const found = new Set(some);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const module of modules) if (module.children.some((child) => found.has(child))) found.add(module);
  }
  return found;
}

/** Whether a module is the one that its file gives; another may have been loaded in its place. */
function isCurrent(module: Module): boolean {
  return require.cache[module.filename] === module;
}

/** The files of a folder that are loaded, but for those of the packages installed in it. */
function loadedFrom(folder: string): string[] {
  const inside = folder + path.sep;
  return Object.keys(require.cache).filter((file) => file.startsWith(inside) && isUnderDevelopment(file));
}

/** tslab's own module, whose displays go where the library's go. */
function tslab(): unknown {
  const jupyter = require('tslab/dist/jupyter') as {
    lastWriteDisplayData: (
      content: { data: MimeBundle; transient?: { display_id?: string } },
      update?: boolean,
    ) => void;
  };
  jupyter.lastWriteDisplayData = ({ data, transient }, update) =>
    notebookHost()?.display(data, { displayId: transient?.display_id, update });
  return require('tslab');
}

function lastWritten(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
