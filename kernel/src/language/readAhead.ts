/**
 * Reads declaration files before the compiler asks for them, one at a time so that a cell never waits for more than
 * one. The compiler itself would read all of a package's declarations in one go.
 */
import type * as TypeScript from 'typescript-6.0';
import { snapshotContents } from '../snapshot/contents';
import { ts } from './compiler';
import { WITHOUT_COMMENTS } from './docComments';
import { importedNames } from './exchange';
import { lastWritten } from './fileChanges';
import type { ModuleResolver } from './resolution';

/** Milliseconds of work between two pauses. */
const SLICE = 15;

type File = TypeScript.SourceFile & { version?: string };

interface Read {
  readonly file: File;
  /** Its modification time. */
  readonly written: number;
  /** The empty file that stands in for it in the compiler's own cache. */
  placeholder?: TypeScript.SourceFile;
}

/** The options with which a file is requested. */
type Options = Parameters<TypeScript.CompilerHost['getSourceFile']>[1];

/** The compiler's host. */
type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;

export class ReadAhead {
  readonly #read = new Map<string, Read>();
  readonly #taken = new WeakSet<TypeScript.SourceFile>();
  /** The file that the compiler currently has to see as empty. */
  #empty: string | undefined;
  readonly #host: Host;
  readonly #formatOf: (file: string) => TypeScript.ResolutionMode;

  /** @param formatOf the module format of a file, where the compiler doesn't pass it */
  constructor(host: Host, formatOf: (file: string) => TypeScript.ResolutionMode) {
    this.#host = host;
    for (const [name, kept] of snapshotContents()?.files ?? []) this.#read.set(name, { ...kept });
    this.#formatOf = formatOf;
    const { readFile } = host;
    host.readFile = (file, ...rest) => (file === this.#empty ? '' : readFile.call(host, file, ...rest));
  }

  /** Reads a file and all its imports, with pauses. */
  *read(first: string, options: TypeScript.CompilerOptions, resolver: ModuleResolver): Generator<void> {
    const waiting = [first];
    let begin = performance.now();
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (this.#read.has(name) || !/\.d\.[cm]?ts$/.test(name)) continue;
      const file = this.#parsed(name, options, resolver);
      if (!file) continue;
      const found = resolver.look(importedNames(file), name, undefined, options, file, undefined);
      waiting.push(...found.flatMap(({ resolvedModule }) => resolvedModule?.resolvedFileName ?? []));
      if (performance.now() - begin < SLICE) continue;
      yield;
      begin = performance.now();
    }
  }

  #parsed(name: string, options: TypeScript.CompilerOptions, resolver: ModuleResolver): File | undefined {
    const written = lastWritten(name);
    const text = this.#host.readFile(name);
    if (text === undefined) return undefined;
    const infos = resolver.cache.getPackageJsonInfoCache();
    const file: File = ts.createSourceFile(name, text, {
      languageVersion: options.target ?? ts.ScriptTarget.Latest,
      impliedNodeFormat: ts.getImpliedNodeFormatForFile(name, infos, this.#host, options) ?? this.#formatOf(name),
      setExternalModuleIndicator: ts.getSetExternalModuleIndicator(options),
      jsDocParsingMode: WITHOUT_COMMENTS,
    });
    ts.bindSourceFile(file, options);
    this.#read.set(name, { file, written });
    return file;
  }

  /** Returns a file, using what was read ahead; `get` reads it otherwise. */
  of(name: string, options: Options, get: () => TypeScript.SourceFile | undefined): TypeScript.SourceFile | undefined {
    const read = this.#read.get(name);
    if (!read) return get();
    if (!read.placeholder) {
      this.#read.delete(name);
      const format = typeof options === 'object' ? options.impliedNodeFormat : undefined;
      if (read.file.impliedNodeFormat !== format || read.written !== lastWritten(name)) return get();
      this.#empty = name;
      read.placeholder = get();
      this.#empty = undefined;
      if (!read.placeholder) return undefined;
      this.#read.set(name, read);
      read.file.version = (read.placeholder as File).version;
      this.#taken.add(read.file);
    }
    // The file has changed, so the compiler reads it.
    const file = get();
    return file === read.placeholder ? read.file : file;
  }

  /** Whether a file was read ahead; the compiler then keeps it even while no program contains it. */
  has(file: TypeScript.SourceFile): boolean {
    return this.#taken.has(file);
  }
}
