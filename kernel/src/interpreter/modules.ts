/** What `import` and `require` give in a cell. A package under development is loaded anew once it has been rebuilt. */
import { existsSync, statSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MimeBundle, notebookHost } from 'tf-mechanics/kernel-host';
import type { KnownPackages } from '../language/engine';
import { IMPORT_META, INTERRUPT_CHECK, INTERRUPT_FLAG } from '../language/transform';
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

/** Gives TypeScript modules of the notebook's folder what they need. */
const PRELUDE = `const { ${TRANSFORMED.join(', ')} } = ${globals}; `;

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
  /** CommonJS of the folder's own TypeScript modules by path, and what has been loaded of them. */
  readonly #sources = new Map<string, string>();
  readonly #loaded = new Map<string, Module>();
  /** When files under development were last written, as they were loaded. */
  readonly #written = new Map<string, number>();

  /**
   * @param directory the folder from which requests are resolved
   * @param packages folders of packages to use where there are none of the name
   */
  constructor(directory: string, packages: KnownPackages) {
    this.#directory = directory;
    this.#packages = packages;
    this.#fromDirectory = createRequire(path.join(directory, 'cell.js'));
  }

  /** Takes TypeScript modules that have been compiled, in the place of what was loaded of them. */
  add(modules: ReadonlyMap<string, string>): void {
    for (const [file, code] of modules) {
      this.#sources.set(file, code);
      this.#loaded.delete(file);
    }
  }

  /** `module` as cells have it, whose `require` is theirs. */
  module(file: string, exports: unknown): Module {
    const native = this.#fromDirectory;
    const require = Object.assign((id: string) => this.#require(id, this.#directory, native), native);
    return Object.assign(new Module(file, undefined), { exports, filename: file, require });
  }

  #require(id: string, directory: string, native: NodeJS.Require): unknown {
    if (id === 'tslab') return tslab();
    return this.#local(id, directory) ?? this.#external(id, native);
  }

  /** A TypeScript module of the notebook's folder. */
  #local(id: string, directory: string): unknown {
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
      module._compile(PRELUDE + source, file);
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
    return module.exports;
  }

  #external(id: string, native: NodeJS.Require): unknown {
    const file = this.#resolve(id, native);
    if (file === undefined || !isUnderDevelopment(file)) return native(file ?? id);
    const folder = /^\.{0,2}\//.test(id) ? path.dirname(file) : packageOf(file);
    if (this.#isStale(folder)) this.#forget(folder);
    try {
      return native(file);
    } finally {
      this.#remember(folder);
    }
  }

  /** The file of a module that is none of Node's own. */
  #resolve(id: string, native: NodeJS.Require): string | undefined {
    if (isBuiltin(id)) return undefined;
    try {
      return native.resolve(id);
    } catch {
      const known = Object.entries(this.#packages).find(([name]) => id === name || id.startsWith(`${name}/`));
      if (!known) return undefined; // the request itself will say what is wrong
      const [name, folder] = known;
      return native.resolve(path.join(folder, id.slice(name.length)));
    }
  }

  #isStale(folder: string): boolean {
    return loadedFrom(folder).some((file) => {
      const written = this.#written.get(file);
      return written !== undefined && written !== lastWritten(file);
    });
  }

  #forget(folder: string): void {
    for (const file of loadedFrom(folder)) {
      delete require.cache[file];
      this.#written.delete(file);
    }
  }

  #remember(folder: string): void {
    for (const file of loadedFrom(folder)) if (!this.#written.has(file)) this.#written.set(file, lastWritten(file));
  }
}

/** Whether a file may change while the notebook runs: a local one, or one of a package that is linked and not installed. */
function isUnderDevelopment(file: string): boolean {
  return !file.split(path.sep).includes('node_modules');
}

/** The folder of the package that a file is of. */
function packageOf(file: string): string {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  return folder;
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
