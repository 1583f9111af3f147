/**
 * Files that are read before the compiler asks for them: one at a time, so that a cell needn't wait for more than one. The compiler itself reads
 * all that a package's declarations consist of in one go.
 */
import type * as TypeScript from 'typescript-6.0';
import { snapshotContents } from '../snapshot/contents';
import { ts } from './compiler';
import { WITHOUT_COMMENTS } from './docComments';
import { importedNames } from './exchange';
import { lastWritten } from './fileChanges';
import type { ModuleResolver } from './resolution';

/** After so many milliseconds there is a pause. */
const SLICE = 15;

type File = TypeScript.SourceFile & { version?: string };

interface Read {
  readonly file: File;
  /** When it was written. */
  readonly written: number;
  /** What the compiler has in the place of the file, as it does its own accounts: an empty one. */
  placeholder?: TypeScript.SourceFile;
}

/** What is asked for with a file. */
type Options = Parameters<TypeScript.CompilerHost['getSourceFile']>[1];

/** What the compiler reads files by. */
type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;

export class ReadAhead {
  readonly #read = new Map<string, Read>();
  readonly #taken = new WeakSet<TypeScript.SourceFile>();
  /** The file that the compiler is to take for an empty one. */
  #empty: string | undefined;
  readonly #host: Host;
  readonly #formatOf: (file: string) => TypeScript.ResolutionMode;

  /** @param formatOf by whose rules a file imports others, where the compiler doesn't say */
  constructor(host: Host, formatOf: (file: string) => TypeScript.ResolutionMode) {
    this.#host = host;
    for (const [name, kept] of snapshotContents()?.files ?? []) this.#read.set(name, { ...kept });
    this.#formatOf = formatOf;
    const { readFile } = host;
    host.readFile = (file, ...rest) => (file === this.#empty ? '' : readFile.call(host, file, ...rest));
  }

  /** Reads a file, and whatever that imports, with pauses. */
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

  /** What `get` gives of a file, by what was read of it. */
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
    // Of one that has changed since then, the compiler has the text itself.
    const file = get();
    return file === read.placeholder ? read.file : file;
  }

  /** Whether the compiler has a file from here, of which it is to keep account also while no program has it. */
  has(file: TypeScript.SourceFile): boolean {
    return this.#taken.has(file);
  }
}
