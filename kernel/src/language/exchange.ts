/**
 * Reuses the compiler's program when only the cell has changed. Most cells import what earlier ones have imported, so
 * among hundreds of files only the cell and the declarations before it are new, and the checker's knowledge of all
 * others remains valid. The two new files are swapped into the existing program, whose checker continues, instead of
 * creating a program and a checker.
 */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { WITHOUT_COMMENTS } from './docComments';
import type { ModuleResolver } from './resolution';

/** Cells per checker; checkers never release memory. */
const CELLS = 200;

/** Internals of the compiler's programs. */
interface Internals {
  getFilesByNameMap(): Map<TypeScript.Path, TypeScript.SourceFile>;
  readonly resolvedModules: Map<TypeScript.Path, ModeAwareCache>;
}

type ModeAwareCache = ReturnType<typeof ts.createModeAwareCache<TypeScript.ResolvedModuleWithFailedLookupLocations>>;

/** Internals of a source file. */
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
  /** The program's original files at the places of the cell's files. */
  readonly #original: readonly File[];
  #current: readonly File[];
  #count = 0;

  /** @param names the files that a cell consists of */
  constructor(program: TypeScript.Program, names: readonly string[], resolver: ModuleResolver) {
    this.#program = program as TypeScript.Program & Internals;
    this.#resolver = resolver;
    this.#original = names.flatMap((name) => (program.getSourceFile(name) as File | undefined) ?? []);
    this.#current = this.#original;
    if (this.#original.length < names.length || !this.#original.every(isPlain)) this.#count = CELLS;
  }

  /**
   * Swaps in new texts if that affects nothing else in the program; returns whether it did.
   *
   * @param read returns a file's text
   */
  exchange(read: (file: string) => string | undefined): boolean {
    if (this.#count >= CELLS || this.#resolver.isAnyStale()) return false;
    this.#count++;
    const files: File[] = [];
    for (const original of this.#original) {
      // Even for an unchanged text: a declaration merged by an earlier cell would be missing.
      const file = this.#made(original, read(original.fileName) ?? '');
      const resolved = this.#resolved(file);
      if (!resolved) return false;
      this.#program.resolvedModules.set(file.path, resolved);
      files.push(file);
    }
    this.#put(files);
    return true;
  }

  /** Restores the original files, as the compiler expects when it derives a new program. */
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
    // The compiler caches a file's diagnostics by path.
    const path = `${resolvedPath}#${this.#count}` as TypeScript.Path;
    Object.assign(file, { path, resolvedPath, originalFileName, version: path });
    ts.bindSourceFile(file, this.#program.getCompilerOptions());
    return Object.assign(file, { imports: importedNames(file), moduleAugmentations: [], ambientModuleNames: [] });
  }

  /** A file's resolved imports; undefined if some aren't in the program. */
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

/** Whether a file augments no other file and references others only through imports. */
function isPlain(file: TypeScript.SourceFile): boolean {
  const { pragmas } = file as { readonly pragmas?: ReadonlyMap<string, unknown> };
  return (
    !pragmas?.has('jsximportsource') &&
    !file.statements.some((statement) => ts.isModuleDeclaration(statement) && ts.isAmbientModule(statement)) &&
    file.referencedFiles.length + file.typeReferenceDirectives.length + file.libReferenceDirectives.length === 0
  );
}

/** The module names that a file imports. */
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
