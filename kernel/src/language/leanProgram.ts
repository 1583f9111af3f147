/**
 * Light-weight programs for cells. The compiler's builder programs track dependencies between files in order to check
 * and emit only what has changed; with hundreds of declaration files, that tracking is recomputed for every cell.
 */
import type * as TypeScript from 'typescript-6.0';

type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;

/** Makes a host create programs without that tracking, which compute the dependencies of a single file on demand. */
export function makeLeanPrograms(host: Host, ts: typeof TypeScript): void {
  host.createProgram = (...parameters) => {
    const program = ts.createAbstractBuilder(...parameters);
    program.getAllDependencies = (file) => dependencies(program.getProgram(), file);
    return program;
  };
}

/** A file's direct and indirect imports, not followed through declaration files. */
function dependencies(program: TypeScript.Program, first: TypeScript.SourceFile): string[] {
  const checker = program.getTypeChecker();
  const found = new Set<TypeScript.SourceFile>();
  const visit = (file: TypeScript.SourceFile | undefined) => {
    if (!file || found.has(file)) return;
    found.add(file);
    if (file.isDeclarationFile) return;
    const { imports = [] } = file as { imports?: readonly TypeScript.StringLiteralLike[] };
    for (const request of imports)
      for (const declaration of checker.getSymbolAtLocation(request)?.declarations ?? [])
        visit(declaration.getSourceFile());
    for (const { fileName } of file.referencedFiles) visit(program.getSourceFile(fileName));
  };
  visit(first);
  return [...found].map(({ fileName }) => fileName);
}
