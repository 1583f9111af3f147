/** `transpileModule` for many texts with a single program and checker, instead of new ones for each text. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

type File = TypeScript.SourceFile & { readonly originalFileName: string; readonly resolvedPath: TypeScript.Path };

/** Texts per program; checkers never release memory. */
const TEXTS = 200;

/** Transpiles JavaScript texts with the same options. */
export class Transpiler {
  readonly #options: TypeScript.CompilerOptions;
  #program: TypeScript.Program | undefined;
  #count = 0;

  constructor(options: TypeScript.CompilerOptions) {
    // The options that `transpileModule` sets.
    this.#options = {
      jsx: ts.JsxEmit.Preserve,
      ...options,
      noCheck: true,
      isolatedModules: true,
      noLib: true,
      noResolve: true,
      allowNonTsExtensions: true,
      suppressOutputPathCheck: true,
    };
  }

  transpile(text: string, transformers: TypeScript.CustomTransformers): { outputText: string; sourceMapText: string } {
    const file = ts.createSourceFile(FILE, text, {
      languageVersion: this.#options.target ?? ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    }) as File;
    this.#take(file);
    let [outputText, sourceMapText] = ['', ''];
    const write = (name: string, written: string) => {
      if (name.endsWith('.map')) sourceMapText = written;
      else outputText = written;
    };
    this.#program!.emit(file, write, undefined, false, transformers);
    return { outputText, sourceMapText };
  }

  /** Swaps in another file. */
  #take(file: File): void {
    if (!this.#program || this.#count++ >= TEXTS) {
      this.#count = 0;
      this.#program = ts.createProgram([FILE], this.#options, hostOf(file));
      return;
    }
    const files = this.#program.getSourceFiles() as File[];
    const { originalFileName, resolvedPath } = files[0]!;
    // The checker caches what it knows of files by path.
    Object.assign(file, { originalFileName, resolvedPath, path: `${resolvedPath}#${this.#count}`, imports: [] });
    ts.bindSourceFile(file, this.#options);
    files[0] = file;
  }
}

const FILE = 'custom.js';

/** A compiler host with a single file. */
function hostOf(file: TypeScript.SourceFile): TypeScript.CompilerHost {
  return {
    getSourceFile: (name) => (name === FILE ? file : undefined),
    writeFile() {},
    getDefaultLibFileName: () => 'lib.d.ts',
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => '',
    getNewLine: () => '\n',
    fileExists: (name) => name === FILE,
    readFile: () => '',
    directoryExists: () => true,
    getDirectories: () => [],
  };
}
