/**
 * The TypeScript engine for cells: type-checks a cell against the declarations of earlier ones, compiles it, and
 * answers completion and inspection requests.
 */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import type { CellMaps } from './cellMap';
import { ts } from './compiler';
import { type Completion, complete } from './completion';
import {
  declaredNames,
  globalNames,
  keptModules,
  localNames,
  selectDeclarations,
  withoutReplacedModules,
  withRealFiles,
} from './declarations';
import { moduleObjections, typeScriptError } from './diagnostics';
import { innerVarNames, shareVariables, withoutExports } from './edit';
import { type Explanation, inspect } from './explanation';
import { importRequests, replaceDynamicImports, replaceImports } from './imports';
import { ModuleFiles, resolutionOptions } from './moduleFiles';
import type { ImportRequest } from './names';
import { plainExpression } from './plainExpression';
import { disposeAtEnd, usedNames } from './resources';
import { runtimeLibrary } from './runtimeLibrary';
import { CellService } from './service';
import { guardLoops, hasTopLevelAwait, plainExports, replaceImportMeta, tellCaught } from './transform';
import { createConverter, getCodeMetadata, taps } from './tslab';
import { TypeScriptError } from './typeScriptError';
import { untypedNotes } from './untyped';

/** A compiled cell. */
export interface CompiledCell {
  /** CommonJS; undefined if the cell contains only types. */
  readonly code: string | undefined;
  /** Whether it has top-level `await`. */
  readonly isAsync: boolean;
  /** The name in `exports` of its last expression's value. */
  readonly result: string | undefined;
  /** Maps the code to the cell's lines. */
  readonly maps: CellMaps | undefined;
  /** Its imports. */
  readonly imports: readonly ImportRequest[];
  /** The source of imported modules that are cells, by path. */
  readonly modules: ReadonlyMap<string, string>;
  /** Notes about packages without types and errors in imported modules, with terminal colours; '' if none. */
  readonly objections: string;
  /** The variables, functions, classes and imports that it declares. */
  readonly names: readonly string[];
  /** Those of its names that are disposed of at its end (`using`). */
  readonly disposed: ReadonlySet<string>;
  /** Its name in errors. */
  readonly name: string;
  /** The declarations of all names available after it. */
  readonly declarations: string;
}

/** The state of a notebook's declarations, from which another engine can continue. */
export interface Declared {
  readonly declarations: string;
  /** The names that cells have disposed of, each with its cell. */
  readonly disposed: readonly (readonly [name: string, cell: string])[];
  /** The source of modules that are cells, by name. */
  readonly modules: readonly (readonly [name: string, source: string])[];
}

/** Fallback folders of packages that a notebook's folder lacks, by name. */
export type KnownPackages = Readonly<Record<string, string>>;

/** The declarations of the kernel's own globals. */
const GLOBALS = path.join(__dirname, '..', '..', 'types', 'cells.d.ts');

/** tslab's package, which cells can import from the kernel wherever they lie. */
const TSLAB = path.dirname(require.resolve('tslab/package.json'));

export class LanguageEngine {
  readonly #converter: ReturnType<typeof createConverter>;
  readonly #service: CellService;
  readonly #fileName: string;
  readonly #files: ModuleFiles;
  /** The names that the last compiled cell declares. */
  readonly #names: string[] = [];
  /** The packages known to have no types. */
  readonly #untyped = new Set<string>();
  /** The imports of that cell. */
  readonly #imports: string[] = [];
  #declarations = '';
  /** A cache: the names in the last declarations. */
  #known: { readonly declarations: string; readonly names: ReadonlySet<string> } | undefined;
  /** The names disposed of, each with its cell. */
  readonly #disposed = new Map<string, string>();
  /** The modules that are cells, by name. */
  readonly #modules = new Map<string, string>();
  /** Whether declarations have changed since they were last taken. */
  #hasChanged = false;
  /** The declarations and the text of the last compiled cell. */
  #compiled: readonly [declarations: string, text: string] = ['', ''];

  /**
   * @param directory the notebook's folder, from which imports are resolved; it must be the working directory
   * @param packages fallback folders of packages that can't be resolved there
   */
  constructor(directory: string, packages: KnownPackages = {}) {
    this.#fileName = path.join(directory, '__tslab__.ts').replaceAll('\\', '/');
    this.#files = new ModuleFiles(directory);
    taps.options = cellOptions(directory, packages);
    taps.directory = directory;
    taps.cellModules.clear();
    const disposal = disposeAtEnd();
    taps.transformers = {
      before: [disposal.before, guardLoops, tellCaught, replaceImportMeta, replaceDynamicImports],
      after: [replaceImports(this.#imports, { areValues: true }), plainExports(this.#names), disposal.after],
    };
    this.#converter = createConverter({ isJS: false, isBrowser: false });
    const declarationsName = path.join(directory, '__prev__.d.ts').replaceAll('\\', '/');
    this.#service = new CellService(
      this.#fileName,
      declarationsName,
      () => taps.tapped.program!.getProgram(),
      taps.resolver!,
    );
  }

  /**
   * Type-checks and compiles a cell.
   *
   * @param name the cell's name in errors
   * @throws {TypeScriptError} when it has errors
   */
  compile(source: string, name: string): CompiledCell {
    const { module, mode } = getCodeMetadata(source);
    if (mode === 'browser') throw new TypeScriptError('a cell can not run in the browser: remove @browser');
    if (module !== undefined) return this.#compileModule(module, source, name);

    const text = withoutExports(source);
    const declarations = withoutReplacedModules(this.#declarations, text);
    const earlier = this.#namesOf(declarations);
    const globals = globalNames(declarations);
    taps.edit = (module) =>
      shareVariables(
        module,
        (name) => earlier.has(name),
        (name) => globals.has(name),
      );
    taps.plain = (module, isEdited = false) => {
      const plain = plainExpression(module);
      // Edits of an expression concern only shorthand properties and global names.
      if (!plain || (!isEdited && (plain.hasObjects || globals.size > 0))) return undefined;
      this.#names.splice(0, this.#names.length, plain.name);
      this.#imports.length = 0;
      return plain;
    };
    // For an unchanged text the compiler would do nothing.
    const [lastDeclarations, lastText] = this.#compiled;
    const isNew = declarations !== lastDeclarations || text !== lastText;
    const shown = isNew ? text : `${text}\n`;
    this.#compiled = [declarations, shown];
    const names = localNames(text);
    if (names.includes('exports'))
      throw new TypeScriptError('exports is the name by which cells know the variables of others: take another one');
    taps.declared = names;
    // Changed files are reloaded only when a cell imports them, so their types stay the same until then.
    const isOfLast = !mayImport(text) || taps.changes?.look() !== true;
    taps.isCellAlone = isOfLast && taps.tapped.isClean;
    const converted = this.#converter.convert(declarations, shown);
    taps.isCellAlone = false;
    if (converted.diagnostics.length > 0)
      throw typeScriptError(taps.tapped.diagnostics, converted.diagnostics, {
        source,
        name,
        fileName: this.#fileName,
        isFirst: this.#declarations === '',
        disposed: this.#disposed,
      });
    const { moduleMap, insertions, commonJsMap } = taps.tapped;
    const directory = path.dirname(this.#fileName);
    const { output = '', lastExpressionVar, declOutput = '' } = converted;
    const disposed = usedNames(text);
    const declared = disposed.size === 0 ? declOutput : selectDeclarations(declOutput, (name) => !disposed.has(name));
    return {
      code: output || undefined,
      isAsync: hasTopLevelAwait(output, 'cell.js'),
      result: lastExpressionVar,
      maps: commonJsMap && moduleMap ? { toModule: commonJsMap, insertions, toCell: moduleMap } : undefined,
      imports: importRequests(text, name, this.#imports).map((request) => ({
        ...request,
        file: this.find(request.id),
      })),
      modules: new Map(),
      objections:
        untypedNotes(taps.tapped.untyped, this.#untyped) + moduleObjections(taps.tapped.diagnostics, directory),
      names: [...this.#names],
      disposed,
      name,
      declarations: withRealFiles(declared, directory) + this.#innerVars(text) + keptModules(declarations, names),
    };
  }

  /** The declared names, cached: most cells declare nothing, so the declarations before the next cell are the same. */
  #namesOf(declarations: string): ReadonlySet<string> {
    if (this.#known?.declarations !== declarations) this.#known = { declarations, names: declaredNames(declarations) };
    return this.#known.names;
  }

  /** The declarations of `var` below a cell's top level, which tslab drops. */
  #innerVars(text: string): string {
    const { program } = taps.tapped;
    const file = program?.getSourceFile(this.#fileName) as
      | (TypeScript.SourceFile & { locals?: Map<string, TypeScript.Symbol> })
      | undefined;
    if (!program || !file) return '';
    const inner = innerVarNames(text);
    if (inner.size === 0) return '';
    const checker = program.getProgram().getTypeChecker();
    const top = declaredNames(text);
    return [...inner]
      .filter((name) => !top.has(name))
      .map((name) => {
        const symbol = file.locals?.get(name);
        const type =
          symbol && checker.typeToString(checker.getTypeOfSymbol(symbol), file, ts.TypeFormatFlags.NoTruncation);
        return `declare var ${name}: ${type ?? 'any'};\n`;
      })
      .join('');
  }

  /**
   * Makes a cell's declarations available to later cells.
   *
   * @param missing names without a value, since the cell failed first; their earlier declarations stay
   */
  declare({ declarations, names, disposed, name }: CompiledCell, missing: ReadonlySet<string> = new Set()): void {
    const before = this.#declarations;
    for (const declared of names) if (this.#disposed.delete(declared)) this.#hasChanged = true;
    for (const resource of disposed) this.#disposed.set(resource, name);
    this.#declarations =
      missing.size === 0
        ? declarations
        : selectDeclarations(declarations, (name) => !missing.has(name)) +
          selectDeclarations(this.#declarations, (name) => missing.has(name), false);
    if (this.#declarations !== before || disposed.size > 0) this.#hasChanged = true;
  }

  /** The notebook's declarations; undefined if they haven't changed since the last call. */
  takeDeclared(): Declared | undefined {
    if (!this.#hasChanged) return undefined;
    this.#hasChanged = false;
    return { declarations: this.#declarations, disposed: [...this.#disposed], modules: [...this.#modules] };
  }

  /** Continues with the declarations of cells that another engine compiled. */
  goOn({ declarations, disposed, modules }: Declared): void {
    this.#declarations = declarations;
    for (const [name, cell] of disposed) this.#disposed.set(name, cell);
    for (const [name, source] of modules) this.#addModule(name, source);
  }

  /** The file of a package that a cell imports; undefined if it isn't a package or isn't found. */
  find(id: string): string | undefined {
    if (isBuiltin(id) || /^[./#]|^[a-z]+:/i.test(id)) return undefined;
    this.#files.forget();
    return this.#files.resolve(id, path.dirname(this.#fileName), 'import');
  }

  /** Preloads the types of a package, file by file, without changing what cells see. */
  *readTypes(name: string): Generator<void> {
    const options = taps.tapped.program?.getCompilerOptions() ?? taps.options;
    const { resolvedModule } = ts.resolveModuleName(name, this.#fileName, options, ts.sys);
    if (resolvedModule) yield* taps.ahead!.read(resolvedModule.resolvedFileName, options, taps.resolver!);
  }

  /** Compiles a cell only to fill the compiler's caches for the next cell with the same imports. */
  rehearse(source: string): void {
    try {
      this.compile(source, 'a rehearsal');
    } catch (error) {
      if (!(error instanceof TypeScriptError)) throw error;
    }
  }

  /** The completions at an offset. */
  complete(source: string, offset: number): Completion {
    return complete(this.#service, this.#declarations, source, offset);
  }

  /** The explanation of the name at an offset, or of the function whose arguments enclose it. */
  inspect(source: string, offset: number): Explanation | undefined {
    return inspect(this.#service, this.#declarations, source, offset);
  }

  close(): void {
    this.#service.close();
    this.#converter.close();
  }

  #compileModule(module: string, source: string, name: string): CompiledCell {
    const { file, diagnostics } = this.#addModule(module, source);
    if (diagnostics.length > 0) {
      const lines = diagnostics.map(
        ({ start, code, messageText }) =>
          `${name}:${start.line + 1}:${start.character + 1} - error TS${code}: ${messageText}`,
      );
      throw new TypeScriptError(lines.join('\n'));
    }
    return {
      code: undefined,
      isAsync: false,
      result: undefined,
      maps: undefined,
      imports: [],
      modules: new Map([[file, source]]),
      objections: '',
      names: [],
      disposed: new Set(),
      name,
      declarations: this.#declarations,
    };
  }

  #addModule(module: string, source: string) {
    const file = path.join(path.dirname(this.#fileName), `${module}.ts`).replaceAll('\\', '/');
    taps.cellModules.add(file);
    this.#modules.set(module, source);
    this.#hasChanged = true;
    return { file, diagnostics: this.#converter.addModule(module, source, {}) };
  }
}

/** The compiler options for cells in a folder. */
export function cellOptions(directory: string, packages: KnownPackages): TypeScript.CompilerOptions {
  const resolution = resolutionOptions(directory);
  return {
    strict: true,
    ...runtimeLibrary(),
    // Standard decorators.
    experimentalDecorators: false,
    // Later cells use the enum's object.
    preserveConstEnums: true,
    // One of tslab's options, removed in TypeScript 6.0.
    noImplicitUseStrict: undefined,
    disableTopLevelAwait: undefined,
    // Loading `@types` from all parent folders, browser types among them, would take seconds and be wrong here.
    types: ['node', GLOBALS],
    sourceMap: true,
    // A project's modules stay in place and in their own language, and resolve as in the project. They are compiled
    // when loaded (see `compileModule`); here only their types matter, and JavaScript isn't checked.
    rootDir: path.parse(directory).root,
    // Types follow Node's rules for importing CommonJS, as values do; see `moduleFormat`.
    module: ts.ModuleKind.NodeNext,
    checkJs: false,
    ...resolution,
    paths: {
      ...resolution.paths,
      ...Object.fromEntries(
        Object.entries({ ...packages, tslab: TSLAB }).flatMap(([name, folder]) => typesOf(name, folder)),
      ),
    },
  };
}

/** Whether a cell may contain an import or a reference; errs on the side of true. */
const mayImport = (text: string) => /import|require|<reference/.test(text);

/** The paths of a package's types and of those of its subpath `exports`. */
function typesOf(name: string, folder: string): [request: string, paths: string[]][] {
  let exported: unknown;
  try {
    ({ exports: exported } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
  } catch {
    // without a `package.json`, a folder only has its own types
  }
  const found = Object.entries((exported ?? {}) as Record<string, { readonly types?: string } | string | null>);
  const below = found.flatMap(([key, target]): [string, string[]][] => {
    const types = typeof target === 'object' ? target?.types : undefined;
    return key.startsWith('./') && types ? [[name + key.slice(1), [path.join(folder, types)]]] : [];
  });
  return [[name, [folder]], ...below];
}
