/** The TypeScript of cells: the last that is itself JavaScript, by a name that leaves `typescript` to the notebook's own project. */
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { requireKept } from '../compiledCode';

/** What is used of the compiler's internal interface. The kernel's package names one version for that reason. */
interface Internals {
  isPrologueDirective(node: TypeScript.Node): boolean;
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  readonly nullTransformationContext: TypeScript.TransformationContext;
}

export const ts = requireKept(require.resolve('typescript-6.0')) as typeof TypeScript & Internals;

/** What tslab asks its own fork of the compiler for, and the stock compiler has not, or not there. */
export const forTslab = {
  getDefaultTypeRoots(folder: string): string[] {
    const above = path.dirname(folder);
    const own = path.join(folder, 'node_modules', '@types').replaceAll('\\', '/');
    return [own, ...(above === folder ? [] : forTslab.getDefaultTypeRoots(above))];
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
