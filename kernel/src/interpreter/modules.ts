/** What `import` and `require` give in a cell. A package under development is loaded anew once it has been rebuilt. */
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

/** What compiled code finds in the process: cells get all of it as parameters, modules have what is Node's of their own. */
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

/** What loads the compiler into this process: few notebooks import modules of their own. */
const compiler = {
  module: () => require('../language/module') as typeof import('../language/module'),
  files: () => require('../language/moduleFiles') as typeof import('../language/moduleFiles'),
};

/** What code needs that was transformed. */
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
const PRELUDE = `'use strict'; const { ${TRANSFORMED.join(', ')} } = ${globals}, ${FILE} = __filename;`;

/** Node's loader as far as its declarations conceal it. */
type LoadedModule = Module & { _compile(code: string, file: string): unknown };
const extensions = Module as unknown as {
  readonly _extensions: Record<string, ((module: LoadedModule, file: string) => void) | undefined>;
};

/** A module that isn't loaded yet, and what must be loaded before it. */
interface Linked {
  readonly file: string;
  /** Of a project's own, what was compiled. */
  readonly compiled?: CompiledModule;
  readonly imports: readonly { readonly request: ImportRequest; readonly file: string | undefined }[];
  /** Whether it, or what it imports, may have to be waited for. */
  isAwaited: boolean;
}

/** What `import` gives in cells and in the modules of projects. */
export class CellModules {
  readonly #directory: string;
  readonly #packages: KnownPackages;
  readonly #fromDirectory: NodeJS.Require;
  /** Made when it is needed; the files of packages that cells import are known without it. */
  #files: ModuleFiles | undefined;
  readonly #known = new Map<string, string>();
  /** The text of modules that are cells by path. */
  readonly #sources = new Map<string, string>();
  /** When files under development were last written, as they were loaded. */
  readonly #written = new Map<string, number>();
  /** Modules that were compiled, until they run. */
  readonly #compiled = new Map<string, { readonly written: number; readonly module: CompiledModule }>();
  /** The formats of files that are under development, as long as nothing has changed. */
  readonly #formats = new Map<string, ModuleFormat | undefined>();
  readonly #types: PackageTypes = new Map();
  /** Modules that are waited for. */
  readonly #pending = new Map<string, Promise<void>>();
  /** ECMAScript modules of packages that `require` can't load. */
  readonly #imported = new Map<string, object>();
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
        this.#isCompiled(file) ? this.#compile(module, file) : (before[extension] ?? native)(module, file);
    return () => {
      for (const extension of [...TYPESCRIPT, '.js', '.mjs']) {
        if (before[extension]) known[extension] = before[extension];
        else delete known[extension];
      }
    };
  }

  /** Takes modules that are cells in the place of what was loaded of them. */
  add(modules: ReadonlyMap<string, string>): void {
    for (const [file, source] of modules) {
      this.#sources.set(file, source);
      this.#compiled.delete(file);
      this.#discard([require.cache[file]].filter((module) => module !== undefined));
    }
  }

  /**
   * Loads what some requests of a cell, or of a module, lead to, as far as that takes waiting: the rest is loaded when it is asked for.
   * All that is to be loaded has been found and compiled by then.
   *
   * @param importer the file of the cell or the module
   * @param name what errors call it
   * @returns what is to be waited for
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

  /** What `import` gives of a module, which is loaded now unless it was before; {@link load} has loaded what takes waiting. */
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

  /** Loads what a file will likely import, and then, in steps, what that loads when it is asked for its names. What fails, fails when it does. */
  *preload(id: string, importer: string, file: string, isWanted = (_: string) => true): Generator<void> {
    try {
      if (this.load([{ id, line: 0, column: 0, file }], importer)) return;
      const namespace = this.import(id, importer) as Readonly<Record<string, unknown>>;
      for (const name of Object.keys(namespace).filter(isWanted)) {
        yield;
        void namespace[name];
      }
    } catch {
      // there is no such package, or it is being built
    }
  }

  /** Does the same at once, of a package and those of its names that a text has: while something else is waited for. */
  loadAhead(id: string, importer: string, source: string): void {
    const file = this.#usualFile(id);
    if (file === undefined || require.cache[file]) return;
    const words = new Set(source.match(/[\w$]+/g));
    for (const _ of this.preload(id, importer, file, (name) => words.has(name)));
  }

  /** The file of a package for `require`, which is mostly the one for all. */
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
    await undefined; // the code that asks goes on first
    if (/^(data|https?|blob):/.test(id)) return import(id, options);
    // Another query makes another module, where Node loads it.
    const [, file = '', query] = /^(\.{0,2}\/[^?]*|file:[^?]*)(\?.*)$/.exec(id) ?? [];
    if (query && !TYPESCRIPT.includes(path.extname(file) as '.ts')) return import(absolute(id, importer), options);
    const meant = query ? file : id;
    await this.load([{ id: meant, line: 0, column: 0, attributes: options?.with }], importer);
    return this.import(meant, importer, [WHOLE]);
  }

  /** The address that `import.meta.resolve` gives in a file. */
  resolve(id: string, importer: string): string {
    if (/^[a-z]+:/.test(id) && !isBuiltin(id)) return id;
    if (/^\.{0,2}\//.test(id)) return absolute(id, importer);
    const file = this.#find(id, path.dirname(importer), 'import');
    return file === undefined ? `node:${id.replace(/^node:/, '')}` : pathToFileURL(file).href;
  }

  /**
   * Forgets modules that were being loaded when a cell was stopped: a signal runs no `finally`, not even Node's own, and what awaits may
   * never end. They would stay half of what they are for whoever imports them next.
   */
  forgetUnfinished(): void {
    this.#pending.clear();
    this.#discard(Object.values(require.cache).filter((module) => module?.loaded === false) as Module[]);
  }

  /** `module` as cells have it, whose `require` is theirs. */
  module(file: string, exports: unknown): Module {
    const native = this.#fromDirectory;
    const module = new Module(file, undefined);
    const require = withProperties((id) => this.#require(id, this.#directory, native), { ...native, main: module });
    return Object.assign(module, { exports, filename: file, require });
  }

  /** The file of a module; undefined for one of Node's own. */
  #find(id: string, directory: string, manner: Manner): string | undefined {
    if (isBuiltin(id)) return undefined;
    const request = id.startsWith('file:') ? fileURLToPath(id) : id;
    const file = this.#cell(request, directory) ?? this.#fileOf(request, directory, manner);
    const isOwn = /^[./#]/.test(request) || path.isAbsolute(request);
    if (file !== undefined && (isOwn || isUnderDevelopment(file))) return file;
    const native = createRequire(path.join(directory, 'cell.js'));
    try {
      const required = native.resolve(request);
      // Without `exports` there is one file for all.
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

  /** The compiler's own answer. */
  #fileOf(id: string, directory: string, manner: Manner): string | undefined {
    const known = manner === 'import' && directory === this.#directory ? this.#known.get(id) : undefined;
    if (known !== undefined && existsSync(known)) return known;
    this.#files ??= new (compiler.files().ModuleFiles)(this.#directory);
    return this.#files.resolve(id, directory, manner);
  }

  /** A module that is a cell. */
  #cell(id: string, directory: string): string | undefined {
    const file = path.resolve(directory, id).replace(/(\.[jt]s)?$/, '.ts');
    return this.#sources.has(file) ? file : undefined;
  }

  /** The file of a package that is known for notebooks that have none of the name. */
  #knownPackage(id: string): string | undefined {
    const known = Object.entries(this.#packages).find(([name]) => id === name || id.startsWith(`${name}/`));
    if (!known) return undefined;
    const [name, folder] = known;
    const own = createRequire(path.join(folder, 'package.json'));
    for (const request of [id, path.join(folder, id.slice(name.length))]) {
      try {
        return own.resolve(request); // as its `exports` say, which a package may use itself
      } catch {
        // by its path, then
      }
    }
    return undefined;
  }

  /** Whether a file is compiled here before it runs. */
  #isCompiled(file: string): boolean {
    if (TYPESCRIPT.some((extension) => file.endsWith(extension))) return true;
    return /\.m?js$/.test(file) && isUnderDevelopment(file) && this.#format(file) === 'ecmascript';
  }

  #format(file: string): ModuleFormat | undefined {
    if (!this.#formats.has(file)) this.#formats.set(file, moduleFormat(file, this.#types));
    return this.#formats.get(file);
  }

  /** Finds and compiles all that a module imports which isn't loaded. */
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

  /** Has whatever imports what is awaited be awaited, too. */
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

  /** Loads modules one after the other, each without waiting for the one before it. */
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
    all.catch(() => {}); // whoever waits for it is told; a module before it may fail first
    return all;
  }

  /** Loads a module after all that it imports; a promise if that takes waiting. One that imports itself by others isn't waited for. */
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
    require.cache[file] = module; // before it runs, for modules that import each other
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

  /** Loads an ECMAScript module of a package: at once if that can be, when a signal can break it. */
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
      // One that a signal broke throws nothing. By another address it is another module.
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

  /** Compiles and runs a module that is required. */
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
   * Gives a module what modules that import each other may use before it runs; and what runs it: a promise if it awaits.
   *
   * @param isShared whether such modules do: one that awaits then begins a moment later
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
    this.#onCompiled(file, JSON.stringify({ ...rest, mappings: `;${mappings}` })); // a line more, which is the prelude's
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

  /** What a module that is a cell exports: it has no file that Node could load. */
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

  /** @param isWhole whether it is wanted as an object: the names of a compiled module are had faster from what it exports */
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

  /** Forgets what has changed of a module, or of the package that it is of. */
  #renew(id: string, file: string, directory: string): void {
    if (!isUnderDevelopment(file)) return;
    const folder = packageOf(file);
    const isOwn = /^\.{0,2}\//.test(id) || folder === packageOf(path.join(directory, 'cell.js'));
    if (isOwn) this.#forgetChanged(file);
    else if (this.#isStale(folder)) this.#forget(folder);
  }

  /** Forgets modules, and whatever has got hold of one that is forgotten. */
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

/** A `require` with what Node's has; shown, it is a function alone, and not all that the kernel has loaded. */
function withProperties(require: (id: string) => unknown, properties: object): NodeJS.Require {
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(require, name, { value, writable: true, configurable: true });
  return Object.defineProperty(require, 'name', { value: 'require' }) as NodeJS.Require;
}

/** Whether a module imports itself by others. */
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

/** Whether what a module exports are the names of an ECMAScript module, and nothing that is assigned by `export =`. */
function isCompiledModule(exports: unknown): exports is object {
  return typeof exports === 'object' && exports !== null && '__esModule' in exports;
}

/** The address of a request that is one, or a path. */
function absolute(id: string, importer: string): string {
  return new URL(id, pathToFileURL(importer)).href;
}

const BROKEN = 'imports what was interrupted while it was loaded: restart the kernel to import it again';

const isNothing = (error: unknown) => error === null || error === undefined;

function raise(error: unknown): never {
  throw error;
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
