/**
 * Runs tslab's converter on our version of TypeScript; it was written for a fork of 5.0.4, which is never loaded. The
 * converter `require`s its compiler, so it uses whatever the module cache contains when it is loaded at the end of this
 * file: the official compiler, extended by what tslab expects (`forTslab`), with hooks ("taps") for what this kernel
 * needs beyond tslab: strict checking, source maps, all diagnostics.
 *
 * A TypeScript that isn't written in JavaScript, such as version 7, can't be used this way. The converter (`convert`)
 * would then have to be rewritten on that compiler's own interface: a program of two files, the declarations so far and
 * the cell, where the cell sees the names of the first; emit of the cell and its declarations; and, on the emitted
 * JavaScript, which any parser can read, the transformations of `edit.ts` and `transform.ts` and two of tslab's:
 * `exports.` before names of earlier cells, and a name for the last expression.
 */
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import type * as Converter from 'tslab/dist/converter';
import type * as Metadata from 'tslab/dist/metadata';
import type * as TypeScript from 'typescript-6.0';
import type { CellMaps } from './cellMap';
import { forTslab, ts as original } from './compiler';
import { WITHOUT_COMMENTS } from './docComments';
import { CellExchange } from './exchange';
import { FileChanges } from './fileChanges';
import { makeLeanPrograms } from './leanProgram';
import { moduleFormat, type PackageTypes } from './moduleFormat';
import type { PlainCode } from './plainExpression';
import { ReadAhead } from './readAhead';
import { ModuleResolver } from './resolution';
import { Transpiler } from './transpile';

/** The compiler that tslab resolves: its own dependency, which package managers may not expose to us. */
const moduleName = createRequire(require.resolve('tslab')).resolve('@tslab/typescript-for-tslab');

/** A text with insertions. */
export interface Edited {
  readonly text: string;
  /** Places and lengths of the insertions in the result, in order; lines and columns count from 0. */
  readonly insertions: readonly { readonly line: number; readonly column: number; readonly length: number }[];
}

/** What a compilation reports through the taps. */
export interface Tapped {
  /** All of the compiler's errors, including those that tslab drops. */
  diagnostics: readonly TypeScript.Diagnostic[];
  /**
   * Whether the checker has no errors in the cell, reported or not; otherwise it would report them for the next cell
   * too.
   */
  isClean: boolean;
  /** Imports of packages without types. */
  untyped: readonly TypeScript.Diagnostic[];
  /** The source map from the JavaScript module to the TypeScript. */
  moduleMap: string | undefined;
  /** The text inserted into that module. */
  insertions: Edited['insertions'];
  /** The cell's program. */
  program: TypeScript.BuilderProgram | undefined;
  /** Maps the final CommonJS to the module. */
  commonJsMap: CellMaps['toModule'] | undefined;
}

/** The settings of the taps. */
export interface Taps {
  /** Added to tslab's compiler options. */
  options: TypeScript.CompilerOptions;
  /** Applied when a cell's JavaScript module becomes CommonJS. */
  transformers: TypeScript.CustomTransformers;
  /** Applied to the module's text before. */
  edit: (module: string) => Edited;
  /** Converts a module that is a plain expression without the compiler. */
  plain: (module: string, isEdited?: boolean) => PlainCode | undefined;
  /**
   * The names that the next cell declares; with them, tslab doesn't need to build a program just to find out what to
   * export.
   */
  declared: readonly string[];
  /** The notebook's folder. */
  directory: string;
  /** The paths of modules that are cells: the only ones that the converter compiles. */
  readonly cellModules: Set<string>;
  /** Detects changes in a project's files. */
  changes: FileChanges | undefined;
  /** Resolves modules. */
  resolver: ModuleResolver | undefined;
  /** Reads files ahead. */
  ahead: ReadAhead | undefined;
  /** Whether only the cell is new: no file has changed. */
  isCellAlone: boolean;
  /** The last compilation. */
  readonly tapped: Tapped;
}

/** Whether a name is the compiler's internal one for `declare global` or `declare module 'x'`. */
export const isAddition = (name: string) => name === '__global' || name.startsWith('"');

export const taps: Taps = {
  options: {},
  transformers: {},
  edit: (text) => ({ text, insertions: [] }),
  plain: () => undefined,
  declared: [],
  directory: '',
  cellModules: new Set(),
  changes: undefined,
  resolver: undefined,
  ahead: undefined,
  isCellAlone: false,
  tapped: {
    diagnostics: [],
    isClean: true,
    untyped: [],
    moduleMap: undefined,
    insertions: [],
    program: undefined,
    commonJsMap: undefined,
  },
};

const tapped: typeof original & typeof forTslab = { ...original, ...forTslab };

/** Declarations of what Node provides and no library declares. */
const GLOBALS = path.join(__dirname, 'cellGlobals.d.ts').replaceAll('\\', '/');

tapped.createWatchCompilerHost = ((files: string[], options: TypeScript.CompilerOptions, ...rest: unknown[]) => {
  const create = original.createWatchCompilerHost as (...parameters: unknown[]) => Host;
  const ownOptions = { ...options, ...taps.options };
  const host = create([...files, GLOBALS], ownOptions, ...rest);
  host.jsDocParsingMode = WITHOUT_COMMENTS;
  let announce: AfterProgramCreate = () => {};
  // tslab assigns this property; every program passed to it is emitted through the tap.
  Object.defineProperty(host, 'afterProgramCreate', {
    get: () => (program: TypeScript.BuilderProgram) => announce(withTappedEmit(program)),
    set: (callback: AfterProgramCreate) => {
      announce = callback;
    },
  });
  skipPrograms(host, (program) => announce(program));
  keepLookupsOff(host);
  // Additions and removals are detected when a cell imports a module; see `ModuleResolver`.
  host.watchDirectory = () => ({ close() {} });
  makeLeanPrograms(host, original);
  taps.changes = new FileChanges(host, original, (file) => isOfCells(file));
  taps.ahead = tellFormats(host);
  const resolver = new ModuleResolver(host, taps.directory, ownOptions);
  taps.resolver = resolver;
  host.resolveModuleNameLiterals = resolver.resolve;
  host.getModuleResolutionCache = () => resolver.cache;
  host.hasInvalidatedResolutions = resolver.isStale;
  return host;
}) as typeof original.createWatchCompilerHost;

tapped.createWatchProgram = ((host: Host) => {
  const watch = original.createWatchProgram(host);
  const { updateRootFileNames } = watch;
  watch.updateRootFileNames = (files) => updateRootFileNames([...files, GLOBALS]);
  return watch;
}) as typeof original.createWatchProgram;

type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;
type AfterProgramCreate = (program: TypeScript.BuilderProgram) => void;

/** Swaps the cell in the last program. */
let exchange: CellExchange | undefined;

/** Whether the last program could be reused for the next cell. */
function exchanged(host: Host): boolean {
  return taps.isCellAlone && exchange?.exchange((file) => host.readFile(file)) === true;
}

/**
 * tslab compiles a cell twice, the first time only to find the names that it declares, all of which it then exports. If
 * they are known (`taps.declared`), the first program is skipped, which saves half of the time. The second program
 * reuses that of the previous cell if possible; see {@link CellExchange}.
 */
function skipPrograms(host: Host, announce: AfterProgramCreate): void {
  const { setTimeout, clearTimeout } = host as Required<Pick<Host, 'setTimeout' | 'clearTimeout'>>;
  let skipped: unknown;
  host.setTimeout = (callback, milliseconds, ...parameters) => {
    const timer: unknown = setTimeout.call(
      host,
      () => {
        const locals = new Map(taps.declared.map((name) => [name, undefined]));
        taps.declared = [];
        if (locals.size === 0) {
          if (!exchanged(host)) return callback(...parameters);
          skipped = timer;
          return announce({ ...taps.tapped.program! });
        }
        skipped = timer;
        announce({ getSourceFile: () => ({ locals }) } as unknown as TypeScript.BuilderProgram);
      },
      milliseconds,
    );
    return timer;
  };
  // The compiler assumes that the skipped program's timer is still running.
  host.clearTimeout = (timer) => (timer === skipped ? undefined : clearTimeout.call(host, timer));
}

/**
 * When `@types` packages change, the compiler schedules another lookup of failed resolutions. tslab supports only one
 * timer, that of the next program, and would throw from then on. The lookup isn't needed: the next program resolves
 * again anyway.
 */
function keepLookupsOff(host: Host): void {
  const { setTimeout, clearTimeout } = host as Required<Pick<Host, 'setTimeout' | 'clearTimeout'>>;
  const lookup = {};
  host.setTimeout = (callback, ...rest) =>
    callback.name === 'invalidateResolutionsOfFailedLookup' ? lookup : setTimeout.call(host, callback, ...rest);
  host.clearTimeout = (timer) => (timer === lookup ? undefined : clearTimeout.call(host, timer));
}

/**
 * Tells the compiler the module format of each file. It determines formats itself only when resolving like Node, and
 * otherwise only for installed packages.
 */
function tellFormats(host: Host): ReadAhead {
  const { createProgram } = host;
  const formats = new Map<string, TypeScript.ResolutionMode>();
  const types: PackageTypes = new Map();
  const told = new WeakSet<TypeScript.CompilerHost>();
  const ahead = new ReadAhead(host, (file) => formatOf(file, types));
  const withFormat = (file: string, options: FileOptions): FileOptions => {
    if (typeof options !== 'object' || options.impliedNodeFormat !== undefined) return options;
    if (!formats.has(file)) formats.set(file, formatOf(file, types));
    return { ...options, impliedNodeFormat: formats.get(file) };
  };
  // Whether to parse a file again: if its format differs from that of the cached file.
  const isNew = (file: string, asked?: boolean) => asked && formats.get(file) === undefined;
  host.createProgram = (names, options, compilerHost, ...rest) => {
    exchange?.restore();
    if (compilerHost && !told.has(compilerHost)) {
      told.add(compilerHost);
      const { getSourceFile, getSourceFileByPath, onReleaseOldSourceFile } = compilerHost as Releasing;
      compilerHost.getSourceFile = (file, given, onError, asked) => {
        const format = withFormat(file, given);
        return ahead.of(file, format, () => getSourceFile(file, format, onError, isNew(file, asked)));
      };
      compilerHost.getSourceFileByPath = (file, at, given, onError, asked) => {
        const format = withFormat(file, given);
        return ahead.of(file, format, () => getSourceFileByPath?.(file, at, format, onError, isNew(file, asked)));
      };
      Object.assign(compilerHost, {
        onReleaseOldSourceFile: (file: TypeScript.SourceFile, ...more: unknown[]) => {
          if (!ahead.has(file)) onReleaseOldSourceFile?.(file, ...more);
        },
      });
    }
    return createProgram(names, options, compilerHost, ...rest);
  };
  return ahead;
}

type Releasing = TypeScript.CompilerHost & {
  onReleaseOldSourceFile?(file: TypeScript.SourceFile, ...more: unknown[]): void;
};

/** The options with which the compiler requests a file. */
type FileOptions = Parameters<TypeScript.CompilerHost['getSourceFile']>[1];

/** Whether a file is one of the converter's virtual files. */
const isOfCells = (file: string) => /\/__(tslab__\.ts|prev__\.d\.ts)$/.test(file) || taps.cellModules.has(file);

function formatOf(file: string, types: PackageTypes): TypeScript.ResolutionMode {
  if (/\/__(tslab__\.ts|prev__\.d\.ts)$/.test(file)) return original.ModuleKind.ESNext;
  const format = moduleFormat(path.normalize(file), types);
  if (format === 'ecmascript') return original.ModuleKind.ESNext;
  return format === 'commonjs' ? original.ModuleKind.CommonJS : undefined;
}

/** The compiler's internal declaration emitter. */
interface EmitResolver {
  [make: string]: (...parameters: unknown[]) => unknown;
}

/** The methods that print inferred types, with the index of their flags parameter. */
const INFERRED = { createTypeOfDeclaration: 2, createReturnTypeOfSignatureDeclaration: 2, createTypeOfExpression: 2 };

/**
 * Lets declarations refer to files inside packages. By default, the compiler replaces a type that no entry point of its
 * package exports by `any`, with an error, since another machine may lack the file; but the declarations of cells stay
 * on this machine.
 */
function allowPackageFiles(checker: TypeScript.TypeChecker): void {
  const hidden = checker as unknown as { getEmitResolver(...parameters: unknown[]): EmitResolver };
  const { getEmitResolver } = hidden;
  hidden.getEmitResolver = (...parameters) => {
    const resolver = { ...getEmitResolver(...parameters) };
    for (const [name, place] of Object.entries(INFERRED)) {
      const make = resolver[name]!;
      resolver[name] = (...given) => {
        given[place] = Number(given[place]) | original.NodeBuilderFlags.AllowNodeModulesRelativePaths;
        return make(...given);
      };
    }
    return resolver;
  };
}

/**
 * Makes a program emit declarations even if some can't be written, such as private members of an anonymous class. The
 * compiler would otherwise emit none for the cell; now only those are `any` or incomplete.
 */
function emitAllDeclarations(
  program: TypeScript.Program & { emit(...parameters: unknown[]): TypeScript.EmitResult },
): void {
  const { emit } = program;
  const FORCED = 5;
  program.emit = (...parameters) => {
    parameters[FORCED] = true;
    return emit(...parameters);
  };
}

/**
 * Appends a statement to a cell that ends with an enum or a namespace. Those compile to an expression, which tslab
 * would take for the cell's result and rebuild before the compiler has finished it.
 */
const endWithStatement: TypeScript.TransformerFactory<TypeScript.SourceFile> =
  ({ factory }) =>
  (file) => {
    const written = original.getOriginalNode(file, original.isSourceFile)?.statements ?? file.statements;
    const last = written.filter((statement) => !original.isExportDeclaration(statement)).at(-1);
    if (!last || original.isExpressionStatement(last)) return file;
    return factory.updateSourceFile(file, [...file.statements, factory.createNotEmittedStatement(last)]);
  };

/**
 * Turns `const { width: w } = box` into `const { "width": w } = box`. tslab would take `width` for a variable of an
 * earlier cell if that cell's declarations write out the type of `box`, which contains the name.
 */
const quotePropertyNames: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const { factory } = context;
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const visited = original.visitEachChild(node, visit, context);
    if (!original.isBindingElement(visited)) return visited;
    const { dotDotDotToken, propertyName, name, initializer } = visited;
    if (!propertyName || !original.isIdentifier(propertyName)) return visited;
    const quoted = factory.createStringLiteralFromNode(propertyName);
    return factory.updateBindingElement(visited, dotDotDotToken, quoted, name, initializer);
  };
  return (file) => visit(file) as TypeScript.SourceFile;
};

function withTappedEmit(program: TypeScript.BuilderProgram): TypeScript.BuilderProgram {
  const { emit, getSourceFile } = program;
  taps.tapped.program = program;
  const names = ['__tslab__.ts', '__prev__.d.ts'].map((name) => `${taps.directory}/${name}`.replaceAll('\\', '/'));
  exchange = new CellExchange(program.getProgram(), names, taps.resolver!);
  allowPackageFiles(program.getProgram().getTypeChecker());
  // tslab would export the compiler's internal names of augmentations.
  program.getSourceFile = (name) => {
    const file = getSourceFile.call(program, name);
    const { locals } = (file ?? {}) as { locals?: Map<string, unknown> };
    for (const name of locals?.keys() ?? []) if (isAddition(name)) locals!.delete(name);
    return file;
  };
  emitAllDeclarations(program.getProgram());
  program.emit = (file, write, cancellation, onlyDeclarations, transformers) => {
    if (file && path.basename(file.fileName) !== '__tslab__.ts' && !taps.cellModules.has(file.fileName))
      return { emitSkipped: true, diagnostics: [] };
    const isExpression = file?.statements.every(isExpressionOrEmptyExport) === true;
    // The declarations of a cell that declares nothing.
    if (isExpression) write?.('outDir/__tslab__.d.ts', '', false);
    return emittedWith(program, isExpression ? { target: ESNEXT, declaration: false } : { target: ESNEXT }, () =>
      emit.call(
        program,
        file,
        (fileName, text, ...more) => {
          if (fileName.endsWith('__tslab__.js.map')) taps.tapped.moduleMap = text;
          else if (!fileName.endsWith('.map')) write?.(belowDirectory(fileName), text, ...more);
        },
        cancellation,
        onlyDeclarations,
        { ...transformers, after: [endWithStatement, quotePropertyNames, ...(transformers?.after ?? [])] },
      ),
    );
  };
  return program;
}

/** Whether a statement declares nothing. */
const isExpressionOrEmptyExport = (statement: TypeScript.Statement) =>
  original.isExpressionStatement(statement) || (original.isExportDeclaration(statement) && !statement.moduleSpecifier);

/**
 * Makes a program keep the newest syntax. tslab looks for a cell's last expression among the emitted statements, and a
 * compiled `using` would enclose them in a block. `transpileModule`, the last step, compiles down what Node doesn't
 * support.
 */
const ESNEXT = original.ScriptTarget.ESNext;

/** Emits with other options than the program's. */
function emittedWith<T>(program: TypeScript.BuilderProgram, other: TypeScript.CompilerOptions, emit: () => T): T {
  const options = program.getCompilerOptions();
  const { target, declaration } = options;
  Object.assign(options, other);
  try {
    return emit();
  } finally {
    Object.assign(options, { target, declaration });
  }
}

/**
 * tslab's name for an output file: its path below the output folder, like that of its source below the notebook's
 * folder.
 */
function belowDirectory(fileName: string): string {
  const outDir = fileName.slice(0, fileName.indexOf('/') + 1);
  const { root } = path.parse(taps.directory);
  return outDir + path.relative(taps.directory, root + fileName.slice(outDir.length)).replaceAll('\\', '/');
}

let transpiler: Transpiler | undefined;

tapped.transpileModule = (input, { compilerOptions }) => {
  const asGiven = taps.plain(input);
  const { text, insertions } = asGiven ? { text: input, insertions: [] } : taps.edit(input);
  const plain = asGiven ?? taps.plain(text, true);
  if (plain) {
    taps.tapped.insertions = insertions;
    taps.tapped.commonJsMap = plain.map;
    return { outputText: plain.code };
  }
  transpiler ??= new Transpiler({
    ...compilerOptions,
    target: taps.options.target,
    noImplicitUseStrict: undefined,
    sourceMap: true,
    // `$import` returns a namespace with a `default` where appropriate; see `replaceImports`.
    esModuleInterop: false,
  });
  const output = transpiler.transpile(text, taps.transformers);
  // tslab converts the cell itself last.
  taps.tapped.insertions = insertions;
  taps.tapped.commonJsMap = output.sourceMapText;
  return output;
};

/** The error code for a package without types, which is `any`. */
const UNTYPED = 7016;

/** Errors that cells are allowed: imports without types, and JSON without an attribute. */
const ALLOWED = new Set([UNTYPED, 1543]);

/** Whether a cell begins with `// @ts-nocheck`. The compiler looks for that at the beginning of its file, where there is something of tslab's. */
const isUnchecked = ({ fileName, text }: TypeScript.SourceFile) =>
  path.basename(fileName) === '__tslab__.ts' && /^export \{\};\s*(\/\/.*\n\s*)*\/\/\/?\s*@ts-nocheck\b/.test(text);

type Commented = TypeScript.SourceFile & { readonly commentDirectives?: readonly unknown[] };
/** Whether a file suppresses errors by comments. */
const isCommented = ({ commentDirectives = [] }: Commented) => commentDirectives.length > 0;

tapped.getPreEmitDiagnosticsOfFiles = (program, files) => {
  // tslab only finds modules that end with `.ts`.
  const others = files.flatMap((file) => taps.tapped.program?.getAllDependencies(file) ?? []);
  const typed = [...new Set(others)].filter((name) => /(?<!\.d)\.(tsx|mts|cts)$/.test(name));
  const all = new Set([...files, ...typed.flatMap((name) => program.getSourceFile(name) ?? [])]);
  const isOfSyntax = (each: TypeScript.Diagnostic) =>
    program.getSyntacticDiagnostics(each.file).some((one) => one === each);
  const objections = forTslab.getPreEmitDiagnosticsOfFiles(program, [...all]);
  taps.tapped.isClean = !objections.some(({ file }) => file && isOfCells(file.fileName)) && !files.some(isCommented);
  const found = objections.filter((each) => !each.file || !isUnchecked(each.file) || isOfSyntax(each));
  taps.tapped.untyped = found.filter(({ code }) => code === UNTYPED);
  const diagnostics = found.filter(({ code }) => !ALLOWED.has(code));
  taps.tapped.diagnostics = diagnostics;
  return diagnostics;
};

require.cache[moduleName] = Object.assign(new Module(moduleName), { exports: tapped, loaded: true });

export const { createConverter } = require('tslab/dist/converter') as typeof Converter;
export const { getCodeMetadata } = require('tslab/dist/metadata') as typeof Metadata;
