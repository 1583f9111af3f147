/** The TypeScript of cells: the last that is itself JavaScript, by a name that leaves `typescript` to the notebook's own project. */
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { requireLarge } from '../keptFiles';
import { snapshotContents } from '../snapshot/contents';

/** What is used of the compiler's internal interface. The kernel's package names one version for that reason. */
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

/** Where the types of Node are that this package brings: tslab's own are those of Node 18. */
const OWN_TYPES = path.join(require.resolve('@types/node/package.json'), '..', '..').replaceAll('\\', '/');

/** A cell's text as a module, in which `await` is no name. */
export const parsed = (source: string): TypeScript.SourceFile =>
  ts.createSourceFile('cell.ts', `export {};\n${source}`, ts.ScriptTarget.Latest, true);

/** What the parser objects to in a file, which is beyond the compiler's public interface. */
export const parseErrors = (file: TypeScript.SourceFile) =>
  (file as unknown as { readonly parseDiagnostics: readonly TypeScript.Diagnostic[] }).parseDiagnostics;

/** What tslab asks its own fork of the compiler for, and the stock compiler has not, or not there. */
export const forTslab = {
  /** The folders of packages of types, with the kernel's own where none has what Node is. */
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
