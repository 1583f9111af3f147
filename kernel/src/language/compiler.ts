/**
 * The TypeScript version for cells: the last one that is implemented in JavaScript, under a name that leaves
 * `typescript` to the notebook's project.
 */
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { requireLarge } from '../keptFiles';
import { snapshotContents } from '../snapshot/contents';

/** The compiler's internal interface as far as it is used; the kernel's package therefore pins one version. */
interface Internals {
  isPrologueDirective(node: TypeScript.Node): boolean;
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  isAmbientModule(node: TypeScript.Node): boolean;
  isImportCall(node: TypeScript.Node): node is TypeScript.ImportCall;
  isAnyImportOrReExport(node: TypeScript.Node): boolean;
  getExternalModuleName(node: TypeScript.Node): TypeScript.Expression | undefined;
  createModeAwareCache<T>(): {
    set(name: string, mode: TypeScript.ResolutionMode, value: T): unknown;
  };
  getSourceFileOfNode(node: TypeScript.Node): TypeScript.SourceFile | undefined;
  canHaveJSDoc(node: TypeScript.Node): boolean;
  getJSDocCommentRanges(node: TypeScript.Node, text: string): readonly TypeScript.CommentRange[] | undefined;
  parseIsolatedJSDocComment(
    text: string,
    start: number,
    length: number,
  ): { readonly jsDoc: TypeScript.JSDoc } | undefined;
  getImpliedNodeFormatForFile(
    file: string,
    infos: TypeScript.PackageJsonInfoCache | undefined,
    host: TypeScript.ModuleResolutionHost,
    options: TypeScript.CompilerOptions,
  ): TypeScript.ResolutionMode;
  getSetExternalModuleIndicator(options: TypeScript.CompilerOptions): (file: TypeScript.SourceFile) => void;
  readonly objectAllocator: { getNodeConstructor(): { readonly prototype: TypeScript.Node } };
  readonly nullTransformationContext: TypeScript.TransformationContext;
}

export const ts = (snapshotContents()?.compiler ??
  requireLarge(require.resolve('typescript-6.0'))) as typeof TypeScript & Internals;

/** The `@types/node` that the kernel brings; tslab's are those of Node 18. */
const OWN_TYPES = path.join(require.resolve('@types/node/package.json'), '..', '..').replaceAll('\\', '/');

/** Parses a cell as a module, in which `await` is a keyword. */
export const parsed = (source: string): TypeScript.SourceFile =>
  ts.createSourceFile('cell.ts', `export {};\n${source}`, ts.ScriptTarget.Latest, true);

/** The syntax errors of a file, which TypeScript's public interface doesn't expose. */
export const parseErrors = (file: TypeScript.SourceFile) =>
  (file as unknown as { readonly parseDiagnostics: readonly TypeScript.Diagnostic[] }).parseDiagnostics;

/** Functions that tslab expects from its fork of the compiler and the official one lacks or has elsewhere. */
export const forTslab = {
  /** The `@types` folders, with the kernel's own where no other declares Node. */
  getDefaultTypeRoots(folder: string): string[] {
    const roots = ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => folder }) ?? [];
    return roots.some((root) => ts.sys.directoryExists(`${root}/node`)) ? roots : [...roots, OWN_TYPES];
  },

  getPreEmitDiagnosticsOfFiles(
    program: TypeScript.Program | TypeScript.BuilderProgram,
    files: readonly TypeScript.SourceFile[],
  ): readonly TypeScript.Diagnostic[] {
    return ts.sortAndDeduplicateDiagnostics([
      ...program.getConfigFileParsingDiagnostics(),
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    ]);
  },

  getNullTransformationContext: () => ts.nullTransformationContext,
};
