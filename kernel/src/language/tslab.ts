/**
 * tslab's converter, on a TypeScript of ours: it was written for a fork of 5.0.4, which is never loaded. The converter gets its compiler by
 * `require`, so what stands in the module cache when it is loaded, at the end of this file, is what it works with: the stock compiler with
 * what tslab misses in it (`forTslab`), and with taps where tslab asks it for less than this kernel needs: strict checking, source maps,
 * whole diagnostics.
 *
 * A TypeScript that is no JavaScript any more, as 7 is, can't stand there. What this kernel has of the converter (`convert`) is then to be
 * written on that compiler's own interface: a program of two files, the declarations so far and the cell, in which the cell sees the
 * first's names; emit of the cell and its declarations; and on the JavaScript, which any parser can read, what `edit.ts` and `transform.ts`
 * do, with the two steps that are tslab's: `exports.` before names of earlier cells, and a name for the last expression.
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

/** The compiler that tslab asks for: a package of its, not of ours, which package managers may keep from us. */
const moduleName = createRequire(require.resolve('tslab')).resolve('@tslab/typescript-for-tslab');

/** A text with something put into it. */
export interface Edited {
  readonly text: string;
  /** Where something was put in, and how many characters: lines and columns of the result, counted from 0, in their order. */
  readonly insertions: readonly { readonly line: number; readonly column: number; readonly length: number }[];
}

/** What a compilation has left in the taps. */
export interface Tapped {
  /** Everything that the compiler objects to, also what tslab drops. */
  diagnostics: readonly TypeScript.Diagnostic[];
  /** Whether there is nothing that the checker has to object to in the cell, be it told or not; else it tells it of the next one, too. */
  isClean: boolean;
  /** Where something is imported that has no types. */
  untyped: readonly TypeScript.Diagnostic[];
  /** Source map from the JavaScript module to the TypeScript. */
  moduleMap: string | undefined;
  /** What was put into that module. */
  insertions: Edited['insertions'];
  /** What the cell was compiled in. */
  program: TypeScript.BuilderProgram | undefined;
  /** From the CommonJS that runs to the module. */
  commonJsMap: CellMaps['toModule'] | undefined;
}

/** How the taps are set. */
export interface Taps {
  /** Added to tslab's compiler options. */
  options: TypeScript.CompilerOptions;
  /** Applied when a cell's JavaScript module becomes CommonJS. */
  transformers: TypeScript.CustomTransformers;
  /** Applied to the module's text before. */
  edit: (module: string) => Edited;
  /** What a module becomes of which that can be told without the compiler. */
  plain: (module: string, isEdited?: boolean) => PlainCode | undefined;
  /** The names that the next cell declares. With them tslab need not build a whole program only to learn what to export. */
  declared: readonly string[];
  /** The notebook's folder. */
  directory: string;
  /** The paths of modules that are cells: the only ones that the converter is to compile. */
  readonly cellModules: Set<string>;
  /** What has changed of a project's files. */
  changes: FileChanges | undefined;
  /** What finds modules. */
  resolver: ModuleResolver | undefined;
  /** What reads files before they are asked for. */
  ahead: ReadAhead | undefined;
  /** Whether nothing is new but the cell: not so where a file has changed. */
  isCellAlone: boolean;
  /** The last compilation. */
  readonly tapped: Tapped;
}

/** Whether a name is the compiler's own for what is added elsewhere: by `declare global`, or by `declare module 'x'`. */
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

/** Declarations of what Node has and no library declares. */
const GLOBALS = path.join(__dirname, 'cellGlobals.d.ts').replaceAll('\\', '/');

tapped.createWatchCompilerHost = ((files: string[], options: TypeScript.CompilerOptions, ...rest: unknown[]) => {
  const create = original.createWatchCompilerHost as (...parameters: unknown[]) => Host;
  const ownOptions = { ...options, ...taps.options };
  const host = create([...files, GLOBALS], ownOptions, ...rest);
  host.jsDocParsingMode = WITHOUT_COMMENTS;
  let announce: AfterProgramCreate = () => {};
  // tslab assigns this property; whatever program it is given emits through the tap.
  Object.defineProperty(host, 'afterProgramCreate', {
    get: () => (program: TypeScript.BuilderProgram) => announce(withTappedEmit(program)),
    set: (callback: AfterProgramCreate) => {
      announce = callback;
    },
  });
  skipPrograms(host, (program) => announce(program));
  keepLookupsOff(host);
  // What has come or gone is looked for when a cell imports it; see `ModuleResolver`.
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

/** Exchanges the cell in the last program. */
let exchange: CellExchange | undefined;

/** Whether the last program has become the next cell's. */
function exchanged(host: Host): boolean {
  return taps.isCellAlone && exchange?.exchange((file) => host.readFile(file)) === true;
}

/**
 * tslab compiles a cell twice: the first time only for the names that it declares, all of which it then exports. Where those are known
 * (`taps.declared`), it is given them in the place of the first program, which saves half of the time. The second program is the one of
 * the cell before, where that will do; see {@link CellExchange}.
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
  // The compiler believes that the timer of the skipped program still runs.
  host.clearTimeout = (timer) => (timer === skipped ? undefined : clearTimeout.call(host, timer));
}

/**
 * Where a package of types comes or goes, the compiler waits a moment before it looks again for what it hasn't found. tslab knows of one timer
 * alone, that of the next program, and throws at each cell from then on. This one needn't run: the next program looks again anyway.
 */
function keepLookupsOff(host: Host): void {
  const { setTimeout, clearTimeout } = host as Required<Pick<Host, 'setTimeout' | 'clearTimeout'>>;
  const lookup = {};
  host.setTimeout = (callback, ...rest) =>
    callback.name === 'invalidateResolutionsOfFailedLookup' ? lookup : setTimeout.call(host, callback, ...rest);
  host.clearTimeout = (timer) => (timer === lookup ? undefined : clearTimeout.call(host, timer));
}

/**
 * Tells the compiler by whose rules each module imports others. It finds that out by itself where it resolves requests as Node does, and
 * otherwise for installed packages alone.
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
  // Whether to parse a file again: not for a format that is another than the one asked for.
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

/** What the compiler asks for a file with. */
type FileOptions = Parameters<TypeScript.CompilerHost['getSourceFile']>[1];

/** Whether a file is one that the converter makes up. */
const isOfCells = (file: string) => /\/__(tslab__\.ts|prev__\.d\.ts)$/.test(file) || taps.cellModules.has(file);

function formatOf(file: string, types: PackageTypes): TypeScript.ResolutionMode {
  if (/\/__(tslab__\.ts|prev__\.d\.ts)$/.test(file)) return original.ModuleKind.ESNext;
  const format = moduleFormat(path.normalize(file), types);
  if (format === 'ecmascript') return original.ModuleKind.ESNext;
  return format === 'commonjs' ? original.ModuleKind.CommonJS : undefined;
}

/** What makes declarations of a program, as far as the compiler conceals it. */
interface EmitResolver {
  [make: string]: (...parameters: unknown[]) => unknown;
}

/**
 * The methods that make declarations of types that nobody has written down, and the place of the flags among their parameters.
 */
const INFERRED = { createTypeOfDeclaration: 2, createReturnTypeOfSignatureDeclaration: 2, createTypeOfExpression: 2 };

/**
 * Has declarations name files within packages by their paths. By itself the compiler makes `any` of a type that no entry of its package
 * exports, and an error: on another machine there may be no such file. Declarations of cells go nowhere.
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
 * Has a program give declarations also where it finds that some can't be written down, such as the private members of a class without a
 * name. It would give none of the whole cell then; so those become `any`, or lack what can't be told.
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
 * Has a cell that ends with an enum or a namespace end with a statement. What they become is an expression, which tslab would take for the
 * cell's result, and rebuild without what the compiler has still to do in it.
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
 * Has `const { width: w } = box` as `const { "width": w } = box`. tslab would take `width` for a variable where the type of `box` is written down by
 * an earlier cell, since it is declared there.
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
  // tslab would export what the compiler calls additions to something else.
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
    // What tslab gets of a cell that declares nothing.
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

/** Whether a statement declares nothing, not even to others. */
const isExpressionOrEmptyExport = (statement: TypeScript.Statement) =>
  original.isExpressionStatement(statement) || (original.isExportDeclaration(statement) && !statement.moduleSpecifier);

/**
 * Has a program leave today's syntax as it is. tslab looks for a cell's last expression among the statements that the compiler gives it,
 * and `using` would have all of them within a block. What Node can't run is compiled down by `transpileModule`, the last step.
 */
const ESNEXT = original.ScriptTarget.ESNext;

/** Emits by other options than a program has otherwise. */
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

/** The name that tslab knows an output by, which is below the folder of all outputs as its source is below the notebook's. */
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
    // What `$import` gives has a `default` where there is one; see `replaceImports`.
    esModuleInterop: false,
  });
  const output = transpiler.transpile(text, taps.transformers);
  // tslab converts the cell itself last.
  taps.tapped.insertions = insertions;
  taps.tapped.commonJsMap = output.sourceMapText;
  return output;
};

/** What the compiler says of a package without types, which is `any`. */
const UNTYPED = 7016;

/** Objections to what cells may do: import what has no types, and JSON without saying that it is. */
const ALLOWED = new Set([UNTYPED, 1543]);

/** Whether a cell begins with `// @ts-nocheck`. The compiler looks for that at the beginning of its file, where there is something of tslab's. */
const isUnchecked = ({ fileName, text }: TypeScript.SourceFile) =>
  path.basename(fileName) === '__tslab__.ts' && /^export \{\};\s*(\/\/.*\n\s*)*\/\/\/?\s*@ts-nocheck\b/.test(text);

type Commented = TypeScript.SourceFile & { readonly commentDirectives?: readonly unknown[] };
/** Whether a file says by comments what is not to be told of it. */
const isCommented = ({ commentDirectives = [] }: Commented) => commentDirectives.length > 0;

tapped.getPreEmitDiagnosticsOfFiles = (program, files) => {
  // tslab looks for modules that end with `.ts` alone.
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
