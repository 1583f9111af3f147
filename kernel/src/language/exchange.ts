/**
 * Programs in which only the cell is another. Most cells import what an earlier one has imported already: of the compiler's hundreds of files
 * the cell and the declarations before it are new, and what the checker knows of all others holds. So those two are put into the program that is
 * there, whose checker goes on, where the compiler would make a program and a checker of all files anew.
 */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { WITHOUT_COMMENTS } from './docComments';
import type { ModuleResolver } from './resolution';

/** So many cells are checked by one checker, which forgets nothing. */
const CELLS = 200;

/** What the compiler keeps of a program, and conceals. */
interface Internals {
  getFilesByNameMap(): Map<TypeScript.Path, TypeScript.SourceFile>;
  readonly resolvedModules: Map<TypeScript.Path, ModeAwareCache>;
}

type ModeAwareCache = ReturnType<typeof ts.createModeAwareCache<TypeScript.ResolvedModuleWithFailedLookupLocations>>;

/** And of a file. */
type File = TypeScript.SourceFile & {
  path: TypeScript.Path;
  resolvedPath: TypeScript.Path;
  originalFileName: string;
  version: string;
  imports: readonly TypeScript.StringLiteralLike[];
  moduleAugmentations: readonly TypeScript.Node[];
  ambientModuleNames: readonly string[];
};

export class CellExchange {
  readonly #program: TypeScript.Program & Internals;
  readonly #resolver: ModuleResolver;
  /** What the compiler has made the program of, at the places of the cell's files. */
  readonly #original: readonly File[];
  #current: readonly File[];
  #count = 0;

  /** @param names the files that a cell is made of */
  constructor(program: TypeScript.Program, names: readonly string[], resolver: ModuleResolver) {
    this.#program = program as TypeScript.Program & Internals;
    this.#resolver = resolver;
    this.#original = names.flatMap((name) => (program.getSourceFile(name) as File | undefined) ?? []);
    this.#current = this.#original;
    if (this.#original.length < names.length || !this.#original.every(isPlain)) this.#count = CELLS;
  }

  /**
   * Puts other texts in the files' places, where nothing else of the program would be another with them; whether that is so.
   *
   * @param read gives a file's text
   */
  exchange(read: (file: string) => string | undefined): boolean {
    if (this.#count >= CELLS || this.#resolver.isAnyStale()) return false;
    this.#count++;
    const files: File[] = [];
    for (const original of this.#original) {
      // Also a text that is the same: a declaration that a cell has replaced once would be missing from then on.
      const file = this.#made(original, read(original.fileName) ?? '');
      const resolved = this.#resolved(file);
      if (!resolved) return false;
      this.#program.resolvedModules.set(file.path, resolved);
      files.push(file);
    }
    this.#put(files);
    return true;
  }

  /** Makes the program what it was, as one expects that makes another of it. */
  restore(): void {
    this.#count = CELLS;
    this.#put(this.#original);
  }

  #made(original: File, text: string): File {
    const { languageVersion, impliedNodeFormat, fileName, originalFileName, resolvedPath } = original;
    const jsDocParsingMode = WITHOUT_COMMENTS;
    const file = ts.createSourceFile(
      fileName,
      text,
      { languageVersion, impliedNodeFormat, jsDocParsingMode },
      false,
    ) as File;
    // The compiler remembers by their paths what it has to object to in files.
    const path = `${resolvedPath}#${this.#count}` as TypeScript.Path;
    Object.assign(file, { path, resolvedPath, originalFileName, version: path });
    ts.bindSourceFile(file, this.#program.getCompilerOptions());
    return Object.assign(file, { imports: importedNames(file), moduleAugmentations: [], ambientModuleNames: [] });
  }

  /** What a file imports; undefined where that isn't all in the program. */
  #resolved(file: File): ModeAwareCache | undefined {
    if (!isPlain(file)) return undefined;
    const options = this.#program.getCompilerOptions();
    const found = this.#resolver.resolve(file.imports, file.fileName, undefined, options, file, undefined);
    const cache = ts.createModeAwareCache<TypeScript.ResolvedModuleWithFailedLookupLocations>();
    for (const [i, literal] of file.imports.entries()) {
      const resolution = found[i]!;
      const { resolvedModule } = resolution;
      if (resolvedModule && !this.#program.getSourceFile(resolvedModule.resolvedFileName)) return undefined;
      cache.set(literal.text, ts.getModeForUsageLocation(file, literal, options), resolution);
    }
    return cache;
  }

  #put(files: readonly File[]): void {
    const all = this.#program.getSourceFiles() as TypeScript.SourceFile[];
    for (const [i, file] of files.entries()) {
      const { path } = this.#current[i]!;
      all[all.indexOf(this.#current[i]!)] = file;
      this.#program.getFilesByNameMap().set(file.resolvedPath, file);
      if (path !== file.path && path !== this.#original[i]!.path) this.#program.resolvedModules.delete(path);
    }
    this.#current = files;
  }
}

/** Whether a file adds nothing to others, and asks for none but by importing it. */
function isPlain(file: TypeScript.SourceFile): boolean {
  const { pragmas } = file as { readonly pragmas?: ReadonlyMap<string, unknown> };
  return (
    !pragmas?.has('jsximportsource') &&
    !file.statements.some((statement) => ts.isModuleDeclaration(statement) && ts.isAmbientModule(statement)) &&
    file.referencedFiles.length + file.typeReferenceDirectives.length + file.libReferenceDirectives.length === 0
  );
}

/** The names of modules for which a file asks. */
export function importedNames(file: TypeScript.SourceFile): TypeScript.StringLiteralLike[] {
  const found: TypeScript.StringLiteralLike[] = [];
  const add = (name: TypeScript.Node | undefined) => {
    if (name && ts.isStringLiteralLike(name) && name.text !== '') found.push(name);
  };
  const visit = (node: TypeScript.Node) => {
    if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    if (ts.isImportCall(node)) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements)
    if (ts.isAnyImportOrReExport(statement)) add(ts.getExternalModuleName(statement));
  if (file.text.includes('import')) visit(file);
  return found;
}
