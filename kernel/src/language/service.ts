/** Runs the compiler's language service for cells on the files of the last compilation. */
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import type { ModuleResolver } from './resolution';

/** What tslab inserts before a cell's text to make it a module. */
export const PREFIX = `export {};${ts.sys.newLine}`;

/** The language service for a cell, whose text begins after {@link PREFIX} in its file. */
export class CellService {
  readonly #fileName: string;
  readonly #declarationsName: string;
  readonly #program: () => TypeScript.Program;
  readonly #resolver: ModuleResolver;
  readonly #texts = new Map<string, { readonly text: string; readonly version: string }>();
  readonly #service: TypeScript.LanguageService;
  #version = 0;

  /**
   * @param fileName the file of the cell
   * @param declarationsName the file with the declarations of earlier cells
   * @param program the last compiled program, whose files are reused
   * @param resolver the resolver of their imports
   */
  constructor(fileName: string, declarationsName: string, program: () => TypeScript.Program, resolver: ModuleResolver) {
    this.#resolver = resolver;
    this.#fileName = fileName;
    this.#declarationsName = declarationsName;
    this.#program = program;
    this.#service = ts.createLanguageService(this.#host(path.dirname(fileName)), this.#registry());
  }

  /** The service for a cell, and the cell's file, in which places are shifted by `PREFIX`. */
  of(declarations: string, source: string): { service: TypeScript.LanguageService; file: TypeScript.SourceFile } {
    this.#set(this.#declarationsName, PREFIX + declarations);
    this.#set(this.#fileName, PREFIX + source);
    const program = this.#service.getProgram()!;
    const file = program.getSourceFile(this.#fileName)!;
    // Like tslab: the declarations enclose the cell's scope.
    (file as { parent?: TypeScript.Node }).parent = program.getSourceFile(this.#declarationsName);
    return { service: this.#service, file };
  }

  #set(fileName: string, text: string): void {
    if (this.#texts.get(fileName)?.text === text) return;
    this.#texts.set(fileName, { text, version: String(++this.#version) });
  }

  close(): void {
    this.#service.dispose();
  }

  /** A file of the last compilation, except for the two that belong to the cell. */
  #compiled(fileName: string): TypeScript.SourceFile | undefined {
    return this.#texts.has(fileName) ? undefined : this.#program().getSourceFile(fileName);
  }

  #host(directory: string): TypeScript.LanguageServiceHost {
    const { sys } = ts;
    // An internal option: otherwise `package.json` files are read again for every text.
    const internal: object = {
      setCompilerHost: (host: TypeScript.CompilerHost) => {
        host.getModuleResolutionCache = () => this.#resolver.cache;
      },
    };
    return {
      ...internal,
      getProjectVersion: () => String(this.#version),
      getCompilationSettings: () => this.#program().getCompilerOptions(),
      getScriptFileNames: () => [...this.#program().getRootFileNames()],
      getScriptVersion: (file) =>
        this.#texts.get(file)?.version ?? (this.#compiled(file) as Versioned | undefined)?.version ?? '',
      getScriptSnapshot: (file) => {
        const text = this.#texts.get(file)?.text ?? this.#compiled(file)?.text ?? sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => directory,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      useCaseSensitiveFileNames: () => true,
      fileExists: (file) => this.#texts.has(file) || sys.fileExists(file) || this.#compiled(file) !== undefined,
      readFile: sys.readFile,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      readDirectory: sys.readDirectory,
      realpath: sys.realpath,
      resolveModuleNameLiterals: this.#resolver.look,
    };
  }

  /** A document registry that reuses the files of the last compilation, so that nothing is parsed or stored twice. */
  #registry(): TypeScript.DocumentRegistry {
    const acquire: TypeScript.DocumentRegistry['acquireDocumentWithKey'] = (
      name,
      _path,
      _settings,
      _key,
      snapshot,
      version,
      kind,
      options,
    ) => {
      const compiled = this.#compiled(name) as (Versioned & { redirectInfo?: unknown }) | undefined;
      if (compiled && !compiled.redirectInfo) return compiled;
      const given = typeof options === 'object' ? options : { languageVersion: options ?? ts.ScriptTarget.ESNext };
      // The compilation knows its module format.
      const { impliedNodeFormat } = this.#program().getSourceFile(name) ?? given;
      return ts.createLanguageServiceSourceFile(name, snapshot, { ...given, impliedNodeFormat }, version, false, kind);
    };
    const acquireByName: TypeScript.DocumentRegistry['acquireDocument'] = (name, settings, ...rest) =>
      acquire(name, name as TypeScript.Path, settings, KEY, ...rest);
    return {
      acquireDocument: acquireByName,
      acquireDocumentWithKey: acquire,
      updateDocument: acquireByName,
      updateDocumentWithKey: acquire,
      getKeyForCompilationSettings: () => KEY,
      releaseDocument() {},
      releaseDocumentWithKey() {},
      reportStats: () => '',
    };
  }
}

/** Files of a program have a version, which identifies their text. */
type Versioned = TypeScript.SourceFile & { readonly version: string };

const KEY = 'cells' as TypeScript.DocumentRegistryBucketKey & string;
