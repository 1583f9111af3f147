/** `import` and `require` for cells. Packages under development are reloaded after a rebuild. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { type MimeBundle, notebookHost } from 'tf-mechanics/kernel-host';
import type { KnownPackages } from '../language/engine';
import type { CompiledModule } from '../language/module';
import type { Manner, ModuleFiles } from '../language/moduleFiles';
import { type ModuleFormat, moduleFormat, type PackageTypes } from '../language/moduleFormat';
import {
  CAUGHT,
  FILE,
  IMPORT,
  IMPORT_LATER,
  IMPORT_META,
  type ImportRequest,
  INTERRUPT_CHECK,
  INTERRUPT_FLAG,
  LATE,
  SHARE,
  WHOLE,
} from '../language/names';
import { hasExports, isUnderDevelopment, packageOf, TYPESCRIPT } from '../projectFiles';
import { asError, calledAt, callSite, checkAttributes, importing, withOwnPlace } from './importErrors';
import { jsonNamespace, type late, moduleNamespace, namespaceOf, settle, type share } from './namespace';
import { replace } from './process';

/** The globals of compiled code: cells receive all of them as parameters, modules only those that aren't Node's. */
export interface CellGlobals {
  readonly [INTERRUPT_FLAG]: Int32Array;
  readonly [INTERRUPT_CHECK]: () => void;
  readonly [IMPORT_META]: (file: string) => ImportMeta;
  readonly [CAUGHT]: (error: unknown) => unknown;
  readonly [LATE]: typeof late;
  readonly [IMPORT]: (id: string, file: string, names?: readonly string[]) => object;
  readonly [IMPORT_LATER]: (id: unknown, file: string, options?: ImportCallOptions) => Promise<object>;
  readonly [SHARE]: typeof share;
  readonly [FILE]: string;
  /** The variables of all cells by name. */
  readonly exports: Record<string, unknown>;
  readonly require: NodeJS.Require;
  readonly module: Module;
  readonly __filename: string;
  readonly __dirname: string;
}

/** Loads the compiler into this process on demand: few notebooks import modules of their own. */
const compiler = {
  module: () => require('../language/module') as typeof import('../language/module'),
  files: () => require('../language/moduleFiles') as typeof import('../language/moduleFiles'),
};

/** The helpers that transformed code calls. */
const TRANSFORMED = [INTERRUPT_FLAG, INTERRUPT_CHECK, IMPORT_META, CAUGHT, LATE, IMPORT, IMPORT_LATER] as const;
const NAMES: readonly (keyof CellGlobals)[] = [
  ...TRANSFORMED,
  SHARE,
  FILE,
  'exports',
  'require',
  'module',
  '__filename',
  '__dirname',
];

/** The symbol of `globalThis` that holds the globals: the only thing that executed code shares with this file. */
const GLOBALS = Symbol.for('tf-mechanics.cell');
const globals = `globalThis[Symbol.for('${GLOBALS.description}')]`;

/** Installs the globals for compiled code; returns a function that removes them. */
export function setCellGlobals(value: CellGlobals): () => void {
  return replace(globalThis, GLOBALS, { configurable: true, value });
}

/** The parameter names of a cell's function, and the expressions passed for them. */
export const cellParameters = { names: NAMES.join(', '), values: NAMES.map((name) => `${globals}.${name}`).join(', ') };

/** Declares the helpers in compiled modules. */
const PRELUDE = `'use strict'; const { ${TRANSFORMED.join(', ')} } = ${globals}, ${FILE} = __filename;`;

/** Node's module loader, including what its types hide. */
type LoadedModule = Module & { _compile(code: string, file: string): unknown };
const extensions = Module as unknown as {
  readonly _extensions: Record<string, ((module: LoadedModule, file: string) => void) | undefined>;
};

/** A module to be loaded, and its dependencies. */
interface Linked {
  readonly file: string;
  /** The compiled code of a project's module. */
  readonly compiled?: CompiledModule;
  readonly imports: readonly { readonly request: ImportRequest; readonly file: string | undefined }[];
  /** Whether it, or a dependency, may load asynchronously. */
  isAwaited: boolean;
}

/** The module loader of cells and of project modules. */
export class CellModules {
  readonly #directory: string;
  readonly #packages: KnownPackages;
  readonly #fromDirectory: NodeJS.Require;
  /** Created on demand; packages that cells import are resolved without it. */
  #files: ModuleFiles | undefined;
  readonly #known = new Map<string, string>();
  /** The source of modules that are cells, by path. */
  readonly #sources = new Map<string, string>();
  /** The modification times of files under development when they were loaded. */
  readonly #written = new Map<string, number>();
  /** Compiled modules that haven't run yet. */
  readonly #compiled = new Map<string, { readonly written: number; readonly module: CompiledModule }>();
  /** The formats of files under development, cached until a file changes. */
  readonly #formats = new Map<string, ModuleFormat | undefined>();
  readonly #types: PackageTypes = new Map();
  /** Modules that are loading asynchronously. */
  readonly #pending = new Map<string, Promise<void>>();
  /** ECMAScript modules of packages that `require` can't load. */
  readonly #imported = new Map<string, object>();
  readonly #onCompiled: (file: string, map: string) => void;

  /**
   * @param directory the folder from which requests are resolved
   * @param packages fallback folders of packages that can't be resolved
   * @param onCompiled receives the source map of every compiled module
   */
  constructor(directory: string, packages: KnownPackages, onCompiled: (file: string, map: string) => void) {
    this.#onCompiled = onCompiled;
    this.#directory = directory;
    this.#packages = packages;
    this.#fromDirectory = createRequire(path.join(directory, 'cell.js'));
  }

  /**
   * Makes every `require` of this process compile TypeScript, as well as the ECMAScript modules under development.
   * Their imports become calls of `require` too, so that they can be reloaded when they change.
   *
   * @returns a function that undoes it
   */
  install(): () => void {
    const known = extensions._extensions;
    const before = { ...known };
    const native = before['.js']!;
    for (const extension of TYPESCRIPT) known[extension] = (module, file) => this.#compile(module, file);
    for (const extension of ['.js', '.mjs'])
      known[extension] = (module, file) =>
        this.#isCompiled(file) ? this.#compile(module, file) : (before[extension] ?? native)(module, file);
    return () => {
      for (const extension of [...TYPESCRIPT, '.js', '.mjs']) {
        if (before[extension]) known[extension] = before[extension];
        else delete known[extension];
      }
    };
  }

  /** Adds modules that are cells, replacing their loaded versions. */
  add(modules: ReadonlyMap<string, string>): void {
    for (const [file, source] of modules) {
      this.#sources.set(file, source);
      this.#compiled.delete(file);
      this.#discard([require.cache[file]].filter((module) => module !== undefined));
    }
  }

  /**
   * Loads the imports of a cell or module as far as that is asynchronous; the rest is loaded when first used.
   * Everything to be loaded is resolved and compiled beforehand.
   *
   * @param importer the file of the cell or module
   * @param name its name in errors
   * @returns the asynchronous part, if any
   */
  load(requests: readonly ImportRequest[], importer: string, name = importer): Promise<void> | undefined {
    const linked = new Map<string, Linked>();
    this.#files?.forget();
    for (const { id, file } of requests) if (file !== undefined) this.#known.set(id, file);
    this.#formats.clear();
    this.#types.clear();
    const targets = requests.map((request) =>
      importing(request, name, () => {
        const file = this.#find(request.id, path.dirname(importer), 'import');
        checkAttributes(request, file);
        if (file !== undefined) {
          this.#renew(request.id, file, path.dirname(importer));
          this.#link(file, linked);
        }
        return { request, file };
      }),
    );
    this.#spread(linked);
    if (!targets.some(({ file }) => file !== undefined && this.#isAwaited(file, linked))) return undefined;
    return this.#evaluateAll(targets, name, linked, new Map());
  }

  /** The namespace of a module, loading it if necessary; {@link load} has done what is asynchronous. */
  import(id: string, importer: string, names: readonly string[] = []): object {
    let namespace: object;
    try {
      namespace = this.#namespace(id, importer, names.includes(WHOLE));
    } catch (error) {
      throw asError(error, id);
    }
    const missing = names.find((name) => name !== WHOLE && !(name in namespace));
    if (missing === undefined) return namespace;
    const isDefault = missing === 'default';
    throw new SyntaxError(`the module '${id}' has no ${isDefault ? 'default' : `export named '${missing}'`}`);
  }

  /**
   * Preloads a file that will likely be imported and then, step by step, the modules that it loads lazily for its
   * exports. Errors are left to the actual import.
   */
  *preload(id: string, importer: string, file: string, isWanted = (_: string) => true): Generator<void> {
    try {
      if (this.load([{ id, line: 0, column: 0, file }], importer)) return;
      const namespace = this.import(id, importer) as Readonly<Record<string, unknown>>;
      for (const name of Object.keys(namespace).filter(isWanted)) {
        yield;
        void namespace[name];
      }
    } catch {
      // the package is missing or being built
    }
  }

  /** Synchronously preloads a package and those of its exports that a text mentions, while the compiler works. */
  loadAhead(id: string, importer: string, source: string): void {
    const file = this.#usualFile(id);
    if (file === undefined || require.cache[file]) return;
    const words = new Set(source.match(/[\w$]+/g));
    for (const _ of this.preload(id, importer, file, (name) => words.has(name)));
  }

  /** The file of a package for `require`, which usually equals that for `import`. */
  #usualFile(id: string): string | undefined {
    try {
      return this.#fromDirectory.resolve(id);
    } catch {
      return this.#knownPackage(id);
    }
  }

  /** `import()` in a file. */
  async importLater(request: unknown, importer: string, options?: ImportCallOptions): Promise<object> {
    const site = callSite();
    try {
      return await this.#importLater(String(request), importer, options);
    } catch (error) {
      throw calledAt(error, site);
    }
  }

  async #importLater(id: string, importer: string, options?: ImportCallOptions): Promise<object> {
    await undefined; // `import()` is asynchronous: the calling code continues first
    if (/^(data|https?|blob):/.test(id)) return import(id, options);
    // With a query, Node loads a separate instance of the module.
    const [, file = '', query] = /^(\.{0,2}\/[^?]*|file:[^?]*)(\?.*)$/.exec(id) ?? [];
    if (query && !TYPESCRIPT.includes(path.extname(file) as '.ts')) return import(absolute(id, importer), options);
    const meant = query ? file : id;
    await this.load([{ id: meant, line: 0, column: 0, attributes: options?.with }], importer);
    return this.import(meant, importer, [WHOLE]);
  }

  /** `import.meta.resolve` in a file. */
  resolve(id: string, importer: string): string {
    if (/^[a-z]+:/.test(id) && !isBuiltin(id)) return id;
    if (/^\.{0,2}\//.test(id)) return absolute(id, importer);
    const file = this.#find(id, path.dirname(importer), 'import');
    return file === undefined ? `node:${id.replace(/^node:/, '')}` : pathToFileURL(file).href;
  }

  /**
   * Forgets modules whose loading was interrupted: a signal skips even Node's `finally` blocks, and pending awaits may
   * never settle. Later importers would see them half-loaded.
   */
  forgetUnfinished(): void {
    this.#pending.clear();
    this.#discard(Object.values(require.cache).filter((module) => module?.loaded === false) as Module[]);
  }

  /** The `module` object of a cell. */
  module(file: string, exports: unknown): Module {
    const native = this.#fromDirectory;
    const module = new Module(file, undefined);
    const require = withProperties((id) => this.#require(id, this.#directory, native), { ...native, main: module });
    return Object.assign(module, { exports, filename: file, require });
  }

  /** Resolves a module to its file; undefined for Node's built-in modules. */
  #find(id: string, directory: string, manner: Manner): string | undefined {
    if (isBuiltin(id)) return undefined;
    const request = id.startsWith('file:') ? fileURLToPath(id) : id;
    const file = this.#cell(request, directory) ?? this.#fileOf(request, directory, manner);
    const isOwn = /^[./#]/.test(request) || path.isAbsolute(request);
    if (file !== undefined && (isOwn || isUnderDevelopment(file))) return file;
    const native = createRequire(path.join(directory, 'cell.js'));
    try {
      const required = native.resolve(request);
      // Without `exports`, a package has a single entry file.
      return file !== undefined && manner === 'import' && hasExports(file) ? file : required;
    } catch (error) {
      const known = file ?? this.#knownPackage(request);
      if (known !== undefined) return known;
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND') throw error;
      const what = isOwn ? 'module' : 'package';
      throw Object.assign(new Error(`Cannot find ${what} '${id}'`), { code: 'ERR_MODULE_NOT_FOUND' });
    }
  }

  /** Resolution by the compiler. */
  #fileOf(id: string, directory: string, manner: Manner): string | undefined {
    const known = manner === 'import' && directory === this.#directory ? this.#known.get(id) : undefined;
    if (known !== undefined && existsSync(known)) return known;
    this.#files ??= new (compiler.files().ModuleFiles)(this.#directory);
    return this.#files.resolve(id, directory, manner);
  }

  /** Resolves a module that is a cell. */
  #cell(id: string, directory: string): string | undefined {
    const file = path.resolve(directory, id).replace(/(\.[jt]s)?$/, '.ts');
    return this.#sources.has(file) ? file : undefined;
  }

  /** Resolves a package by the fallback folders. */
  #knownPackage(id: string): string | undefined {
    const known = Object.entries(this.#packages).find(([name]) => id === name || id.startsWith(`${name}/`));
    if (!known) return undefined;
    const [name, folder] = known;
    const own = createRequire(path.join(folder, 'package.json'));
    for (const request of [id, path.join(folder, id.slice(name.length))]) {
      try {
        return own.resolve(request); // through its `exports`: packages may import themselves by name
      } catch {
        // fall back to its path
      }
    }
    return undefined;
  }

  /** Whether a file is compiled by the kernel before it runs. */
  #isCompiled(file: string): boolean {
    if (TYPESCRIPT.some((extension) => file.endsWith(extension))) return true;
    return /\.m?js$/.test(file) && isUnderDevelopment(file) && this.#format(file) === 'ecmascript';
  }

  #format(file: string): ModuleFormat | undefined {
    if (!this.#formats.has(file)) this.#formats.set(file, moduleFormat(file, this.#types));
    return this.#formats.get(file);
  }

  /** Resolves and compiles all dependencies of a module that aren't loaded. */
  #link(file: string, linked: Map<string, Linked>): void {
    if (linked.has(file) || require.cache[file] || this.#imported.has(file)) return;
    if (!this.#isCompiled(file)) {
      const isAwaited = this.#format(file) === 'ecmascript';
      if (isAwaited) linked.set(file, { file, imports: [], isAwaited });
      return;
    }
    const compiled = this.#compiledModule(file);
    const imports: { request: ImportRequest; file: string | undefined }[] = [];
    linked.set(file, { file, compiled, imports, isAwaited: compiled.awaits });
    for (const request of compiled.imports)
      importing(request, file, () => {
        const target = this.#find(request.id, path.dirname(file), 'import');
        checkAttributes(request, target);
        imports.push({ request, file: target });
        if (target !== undefined) this.#link(target, linked);
      });
  }

  /** Marks the importers of asynchronous modules as asynchronous. */
  #spread(linked: ReadonlyMap<string, Linked>): void {
    for (let isOver = false; !isOver; ) {
      isOver = true;
      for (const module of linked.values()) {
        if (module.isAwaited || !module.imports.some(({ file }) => file !== undefined && this.#isAwaited(file, linked)))
          continue;
        module.isAwaited = true;
        isOver = false;
      }
    }
  }

  #isAwaited(file: string, linked: ReadonlyMap<string, Linked>): boolean {
    return linked.get(file)?.isAwaited || this.#pending.has(file);
  }

  /** Starts loading modules in order, without awaiting each before the next. */
  #evaluateAll(
    imports: Linked['imports'],
    importer: string,
    linked: ReadonlyMap<string, Linked>,
    begun: Map<string, Promise<void> | undefined>,
  ): Promise<void> | undefined {
    const waiting = imports.flatMap(({ request, file }) => {
      if (file === undefined) return [];
      const work = importing(request, importer, () => this.#evaluate(file, linked, begun));
      return work ? [work.catch((error) => importing(request, importer, () => raise(error)))] : [];
    });
    if (waiting.length === 0) return undefined;
    const all = Promise.all(waiting).then(() => {});
    all.catch(() => {}); // its rejection is observed later; an earlier module may fail first
    return all;
  }

  /**
   * Loads a module after its dependencies; returns a promise if that is asynchronous. Cyclic imports aren't awaited.
   */
  #evaluate(
    file: string,
    linked: ReadonlyMap<string, Linked>,
    begun: Map<string, Promise<void> | undefined>,
  ): Promise<void> | undefined {
    if (begun.has(file)) return begun.get(file);
    begun.set(file, undefined);
    const own = linked.get(file);
    let work = this.#pending.get(file);
    if (!work && own?.isAwaited) work = this.#begin(own, linked, begun);
    else if (!work && !this.#imported.has(file)) this.#requireFile(file, this.#fromDirectory);
    if (!work) return undefined;
    const over = () => {
      if (this.#pending.get(file) === work) this.#pending.delete(file);
    };
    work.then(over, over);
    this.#pending.set(file, work);
    begun.set(file, work);
    return work;
  }

  #begin(
    { file, compiled, imports }: Linked,
    linked: ReadonlyMap<string, Linked>,
    begun: Map<string, Promise<void> | undefined>,
  ): Promise<void> | undefined {
    if (!compiled) return this.#loadPackage(file);
    const module = new Module(file, undefined) as LoadedModule;
    module.filename = file;
    require.cache[file] = module; // registered before it runs, for cyclic imports
    const fail = (error: unknown) => {
      this.#discard([module]);
      throw error;
    };
    const ready = (run: () => Promise<unknown> | undefined) => () => {
      for (const { file: target } of imports) {
        const child = target === undefined ? undefined : require.cache[target];
        if (child && !module.children.includes(child)) module.children.push(child);
      }
      return run();
    };
    const end = () => {
      module.loaded = true;
      this.#remember();
    };
    try {
      const evaluate = ready(this.#prepare(module, file, compiled, importsItself(file, linked)));
      const waiting = this.#evaluateAll(imports, file, linked, begun);
      if (waiting) return waiting.then(evaluate).then(end).catch(fail);
      const running = evaluate();
      if (running) return running.then(end).catch(fail);
      end();
      return undefined;
    } catch (error) {
      return fail(error);
    }
  }

  /** Loads an ECMAScript module of a package, synchronously if possible, so that a signal can break it. */
  #loadPackage(file: string): Promise<void> | undefined {
    let { href } = pathToFileURL(file);
    try {
      const required: unknown = this.#fromDirectory(file);
      if (types.isModuleNamespaceObject(required)) {
        this.#imported.set(file, namespaceOf(required, 'node'));
        return undefined;
      }
    } catch (error) {
      const { code } = (error ?? {}) as NodeJS.ErrnoException;
      // A module that a signal broke throws nothing. A changed URL makes Node load it again.
      if (isNothing(error)) href += `?after=${Date.now()}`;
      else if (code !== 'ERR_REQUIRE_ASYNC_MODULE' && code !== 'ERR_REQUIRE_ESM') throw withOwnPlace(error, file);
    }
    return import(href).then(
      (namespace: object) => void this.#imported.set(file, namespace),
      (error) => raise(isNothing(error) ? new Error(`${file} ${BROKEN}`) : withOwnPlace(error, file)),
    );
  }

  #compiledModule(file: string): CompiledModule {
    const written = lastWritten(file);
    const known = this.#compiled.get(file);
    if (known?.written === written) return known.module;
    const module = compiler.module().compileModule(this.#sources.get(file) ?? readFileSync(file, 'utf8'), file);
    this.#compiled.set(file, { written, module });
    return module;
  }

  /** Compiles and runs a required module. */
  #compile(module: LoadedModule, file: string): void {
    const compiled = this.#compiledModule(file);
    if (compiled.awaits)
      throw Object.assign(
        new Error(
          `${path.relative(process.cwd(), file)} awaits outside of its functions, which \`require\` can't wait for: \`import\` it`,
        ),
        { code: 'ERR_REQUIRE_ASYNC_MODULE' },
      );
    this.#prepare(module, file, compiled)();
  }

  /**
   * Prepares a module for execution: sets the exports that cyclic importers may use before it runs, and returns the
   * function that runs it (asynchronously if it awaits).
   *
   * @param isShared whether cyclic importers exist; an asynchronous module then starts a moment later
   */
  #prepare(
    module: LoadedModule,
    file: string,
    compiled: CompiledModule,
    isShared = false,
  ): () => Promise<unknown> | undefined {
    const { code, map, isGenerator, awaits } = compiled;
    this.#compiled.delete(file);
    const { mappings, ...rest } = JSON.parse(map) as { mappings: string };
    this.#onCompiled(file, JSON.stringify({ ...rest, mappings: `;${mappings}` })); // shifted by the line of the prelude
    const load = Module.prototype.require.bind(module);
    const native = Object.assign(load, createRequire(file));
    module.require = withProperties((id) => this.#require(id, path.dirname(file), native), native);
    if (!isGenerator) return () => void module._compile(`${PRELUDE}\n${code}`, file);
    const settled = (over: Promise<unknown>) => {
      over.then(
        () => settle(module.exports as object),
        () => {},
      );
      return over;
    };
    if (awaits && !isShared) {
      const body = code.replace(/^yield;$/m, '');
      const run = () => module._compile(`${PRELUDE} return (async () => {\n${body}\n})();`, file) as Promise<unknown>;
      return () => settled(run());
    }
    const body = `${awaits ? 'async ' : ''}function* () {\n${code}\n}`;
    const steps = module._compile(`${PRELUDE} return (${body})();`, file) as Generator | AsyncGenerator;
    void steps.next();
    return () => {
      const over = steps.next();
      if (over instanceof Promise) return settled(over);
      settle(module.exports as object);
      return undefined;
    };
  }

  #require(id: string, directory: string, native: NodeJS.Require): unknown {
    if (id === 'tslab') return tslab();
    const file = this.#find(id, directory, 'require');
    if (file === undefined) return native(id);
    this.#renew(id, file, directory);
    return this.#requireFile(file, native);
  }

  #requireFile(file: string, native: NodeJS.Require): unknown {
    try {
      return this.#sources.has(file) ? this.#requireCell(file) : native(file);
    } catch (error) {
      this.#discard([]);
      throw error;
    } finally {
      this.#remember();
    }
  }

  /** The exports of a module that is a cell and has no file for Node to load. */
  #requireCell(file: string): unknown {
    const known = require.cache[file];
    if (known) return known.exports;
    const module = new Module(file, undefined) as LoadedModule;
    module.filename = file;
    require.cache[file] = module;
    try {
      this.#compile(module, file);
      module.loaded = true;
      return module.exports;
    } catch (error) {
      delete require.cache[file];
      throw error;
    }
  }

  /**
   * @param isWhole whether the namespace is needed as an object; single names are read faster from the compiled
   * module's exports
   */
  #namespace(id: string, importer: string, isWhole: boolean): object {
    if (id === 'tslab') return namespaceOf(tslab(), 'node');
    const interop = this.#format(importer) === 'compiled' ? 'compiled' : 'node';
    const file = this.#find(id, path.dirname(importer), 'import');
    if (file === undefined) return namespaceOf(this.#fromDirectory(id), interop);
    const known = this.#imported.get(file);
    if (known) return known;
    const extension = path.extname(file);
    if (extension && !/^\.[cm]?js$/.test(extension) && !(extension in extensions._extensions))
      throw Object.assign(new TypeError(`${id} has the unknown file extension "${extension}": read it by node:fs`), {
        code: 'ERR_UNKNOWN_FILE_EXTENSION',
      });
    const parent = require.cache[importer];
    const native = (parent ? Module.prototype.require.bind(parent) : this.#fromDirectory) as NodeJS.Require;
    const loaded = parent ? undefined : require.cache[file];
    const value: unknown = loaded?.loaded ? loaded.exports : this.#requireFile(file, native);
    if (file.endsWith('.json')) return jsonNamespace(value, interop);
    const isLoaded = require.cache[file]?.loaded !== false;
    if (this.#isCompiled(file) && this.#format(file) !== 'commonjs' && isCompiledModule(value))
      return isWhole && isLoaded ? moduleNamespace(value) : value;
    return namespaceOf(value, interop, isLoaded);
  }

  /** Forgets a module, or the package that it belongs to, if it has changed. */
  #renew(id: string, file: string, directory: string): void {
    if (!isUnderDevelopment(file)) return;
    const folder = packageOf(file);
    const isOwn = /^\.{0,2}\//.test(id) || folder === packageOf(path.join(directory, 'cell.js'));
    if (isOwn) this.#forgetChanged(file);
    else if (this.#isStale(folder)) this.#forget(folder);
  }

  /** Removes modules from the cache, along with everything that references them. */
  #discard(modules: readonly Module[]): void {
    const all = (Object.values(require.cache) as Module[]).filter(({ filename }) => isUnderDevelopment(filename ?? ''));
    const orphans = all.filter((module) => module.children.some((child) => child.filename && !isCurrent(child)));
    const known = [...modules.flatMap((module) => reachable(module)), ...all];
    this.#drop([...withImporters([...modules, ...orphans], known)].map(({ filename }) => filename));
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

  /**
   * Forgets the changed dependencies of a module and everything that imports them; other packages are forgotten as a
   * whole.
   */
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

/**
 * Adds the properties of Node's `require`. `inspect` prints it as a plain function, without the kernel's module cache.
 */
function withProperties(require: (id: string) => unknown, properties: object): NodeJS.Require {
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(require, name, { value, writable: true, configurable: true });
  return Object.defineProperty(require, 'name', { value: 'require' }) as NodeJS.Require;
}

/** Whether a module is part of an import cycle. */
function importsItself(file: string, linked: ReadonlyMap<string, Linked>): boolean {
  const seen = new Set<string>();
  const reaches = (from: string): boolean =>
    (linked.get(from)?.imports ?? []).some(({ file: target }) => {
      if (target === undefined || seen.has(target)) return false;
      seen.add(target);
      return target === file || reaches(target);
    });
  return reaches(file);
}

/** Whether the exports are the names of an ECMAScript module rather than a value assigned by `export =`. */
function isCompiledModule(exports: unknown): exports is object {
  return typeof exports === 'object' && exports !== null && '__esModule' in exports;
}

/** The URL of a request that is a URL or a path. */
function absolute(id: string, importer: string): string {
  return new URL(id, pathToFileURL(importer)).href;
}

const BROKEN = 'imports what was interrupted while it was loaded: restart the kernel to import it again';

const isNothing = (error: unknown) => error === null || error === undefined;

function raise(error: unknown): never {
  throw error;
}

/** A loaded module and its loaded dependencies whose files are wanted. */
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

/** Some modules and those among `modules` that import them, directly or indirectly. */
function withImporters(some: readonly Module[], modules: readonly Module[]): Set<Module> {
  const found = new Set(some);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const module of modules) if (module.children.some((child) => found.has(child))) found.add(module);
  }
  return found;
}

/** Whether a module is the one in the cache, not replaced by another. */
function isCurrent(module: Module): boolean {
  return require.cache[module.filename] === module;
}

/** The loaded files of a folder, without its `node_modules`. */
function loadedFrom(folder: string): string[] {
  const inside = folder + path.sep;
  return Object.keys(require.cache).filter((file) => file.startsWith(inside) && isUnderDevelopment(file));
}

/** tslab's own module, with its displays redirected to those of the library. */
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
