/** TypeScript as cells speak it: checks a cell against what earlier cells declared, compiles it, completes and explains its names. */
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

/** A cell that can run. */
export interface CompiledCell {
  /** CommonJS; undefined where the cell has only types. */
  readonly code: string | undefined;
  /** Whether it awaits outside of any function. */
  readonly isAsync: boolean;
  /** The name in `exports` under which the value of its last expression is found. */
  readonly result: string | undefined;
  /** From the code to the cell's lines. */
  readonly maps: CellMaps | undefined;
  /** What it imports. */
  readonly imports: readonly ImportRequest[];
  /** What it imports of modules that cells are: their text by path. */
  readonly modules: ReadonlyMap<string, string>;
  /** What is to be said about packages without types, and what the compiler objects to in modules; '' if nothing. Coloured for a terminal. */
  readonly objections: string;
  /** The variables, functions, classes and imported names that it declares. */
  readonly names: readonly string[];
  /** Of what it declares, that which it disposes of at its end, by name. */
  readonly disposed: ReadonlySet<string>;
  /** Its own name, by which errors call it. */
  readonly name: string;
  /** The declarations of all that can be used once it has run. */
  readonly declarations: string;
}

/** What cells have declared so far, by which another engine goes on with a notebook. */
export interface Declared {
  readonly declarations: string;
  /** The names of which cells have disposed, each with its cell. */
  readonly disposed: readonly (readonly [name: string, cell: string])[];
  /** The text of modules that are cells, by their names. */
  readonly modules: readonly (readonly [name: string, source: string])[];
}

/** Where TypeScript finds packages that a notebook's own folder lacks, by name. */
export type KnownPackages = Readonly<Record<string, string>>;

/** What the kernel itself gives cells. */
const GLOBALS = path.join(__dirname, '..', '..', 'types', 'cells.d.ts');

/** tslab's own package, which cells import from the kernel wherever they lie. */
const TSLAB = path.dirname(require.resolve('tslab/package.json'));

export class LanguageEngine {
  readonly #converter: ReturnType<typeof createConverter>;
  readonly #service: CellService;
  readonly #fileName: string;
  readonly #files: ModuleFiles;
  /** What the cell that was compiled last declares. */
  readonly #names: string[] = [];
  /** The packages that are known to have no types. */
  readonly #untyped = new Set<string>();
  /** What that imports. */
  readonly #imports: string[] = [];
  #declarations = '';
  /** What declarations declare that were asked for last. */
  #known: { readonly declarations: string; readonly names: ReadonlySet<string> } | undefined;
  /** The cells that have disposed of something, by its name. */
  readonly #disposed = new Map<string, string>();
  /** The modules that are cells, by their names. */
  readonly #modules = new Map<string, string>();
  /** Whether cells have declared something since that was taken. */
  #hasChanged = false;
  /** The declarations and the text of the cell that was compiled last. */
  #compiled: readonly [declarations: string, text: string] = ['', ''];

  /**
   * @param directory the notebook's folder, from which imports are resolved; the process must be in it
   * @param packages folders of packages to use where that folder has none of the name
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
   * Checks and compiles a cell.
   *
   * @param name what error messages call the cell
   * @throws {TypeScriptError} when the compiler objects to it
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
      // What is edited of an expression are the names of its objects' properties, and of what is global.
      if (!plain || (!isEdited && (plain.hasObjects || globals.size > 0))) return undefined;
      this.#names.splice(0, this.#names.length, plain.name);
      this.#imports.length = 0;
      return plain;
    };
    // The same text again gives the compiler nothing to do.
    const [lastDeclarations, lastText] = this.#compiled;
    const isNew = declarations !== lastDeclarations || text !== lastText;
    const shown = isNew ? text : `${text}\n`;
    this.#compiled = [declarations, shown];
    const names = localNames(text);
    if (names.includes('exports'))
      throw new TypeScriptError('exports is the name by which cells know the variables of others: take another one');
    taps.declared = names;
    // What has changed is loaded when a cell imports it, and no earlier; so its types are no others until then.
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

  /** The names that are declared; mostly a cell declares none, and the next one has the same before it. */
  #namesOf(declarations: string): ReadonlySet<string> {
    if (this.#known?.declarations !== declarations) this.#known = { declarations, names: declaredNames(declarations) };
    return this.#known.names;
  }

  /** The declarations of what `var` declares below a cell's top level, which tslab forgets. */
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
   * Has cells from now on know what a cell declared.
   *
   * @param missing names that have no value, since the cell failed before it gave them one: what they meant before stands
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

  /** What cells have declared so far; undefined where that is what it was when it was taken last. */
  takeDeclared(): Declared | undefined {
    if (!this.#hasChanged) return undefined;
    this.#hasChanged = false;
    return { declarations: this.#declarations, disposed: [...this.#disposed], modules: [...this.#modules] };
  }

  /** Has cells from now on know what cells had declared that another engine has compiled. */
  goOn({ declarations, disposed, modules }: Declared): void {
    this.#declarations = declarations;
    for (const [name, cell] of disposed) this.#disposed.set(name, cell);
    for (const [name, source] of modules) this.#addModule(name, source);
  }

  /** The file of a package that a cell imports; undefined of what is no package's, and where there is none. */
  find(id: string): string | undefined {
    if (isBuiltin(id) || /^[./#]|^[a-z]+:/i.test(id)) return undefined;
    this.#files.forget();
    return this.#files.resolve(id, path.dirname(this.#fileName), 'import');
  }

  /** Reads the types of a package, which a cell will likely import: a file at a time, of which no cell knows before it imports it. */
  *readTypes(name: string): Generator<void> {
    const options = taps.tapped.program?.getCompilerOptions() ?? taps.options;
    const { resolvedModule } = ts.resolveModuleName(name, this.#fileName, options, ts.sys);
    if (resolvedModule) yield* taps.ahead!.read(resolvedModule.resolvedFileName, options, taps.resolver!);
  }

  /** Compiles a cell for nothing: of the next one that imports the same, the compiler knows what it is made of. */
  rehearse(source: string): void {
    try {
      this.compile(source, 'a rehearsal');
    } catch (error) {
      if (!(error instanceof TypeScriptError)) throw error;
    }
  }

  /** What may follow at an offset. */
  complete(source: string, offset: number): Completion {
    return complete(this.#service, this.#declarations, source, offset);
  }

  /** What is known about the name at an offset, or about the function whose arguments stand there. */
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

/** The compiler's options for cells of a folder. */
export function cellOptions(directory: string, packages: KnownPackages): TypeScript.CompilerOptions {
  const resolution = resolutionOptions(directory);
  return {
    strict: true,
    ...runtimeLibrary(),
    // Decorators are the standard's.
    experimentalDecorators: false,
    // Later cells find a constant enumeration's members in its object.
    preserveConstEnums: true,
    // Of tslab's options, which 6.0 has no more.
    noImplicitUseStrict: undefined,
    disableTopLevelAwait: undefined,
    // The types of every package that lies somewhere above, a browser's among them, would cost seconds, and be wrong here.
    types: ['node', GLOBALS],
    sourceMap: true,
    // A project's modules lie where they lie, are written in what they are, and are asked for as its own code does. They are compiled
    // when they are loaded (see `compileModule`); the compiler is asked for their types alone, and what is not TypeScript isn't checked.
    rootDir: path.parse(directory).root,
    // Types agree with values by Node's rules for what `import` gives of CommonJS; see `moduleFormat`.
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

/** Whether a cell may import something, or ask for a file's types; where in doubt, it may. */
const mayImport = (text: string) => /import|require|<reference/.test(text);

/** Where the types of a package are, and of what its `exports` name below it. */
function typesOf(name: string, folder: string): [request: string, paths: string[]][] {
  let exported: unknown;
  try {
    ({ exports: exported } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
  } catch {
    // a folder without a description of itself has no more than its own types
  }
  const found = Object.entries((exported ?? {}) as Record<string, { readonly types?: string } | string | null>);
  const below = found.flatMap(([key, target]): [string, string[]][] => {
    const types = typeof target === 'object' ? target?.types : undefined;
    return key.startsWith('./') && types ? [[name + key.slice(1), [path.join(folder, types)]]] : [];
  });
  return [[name, [folder]], ...below];
}
