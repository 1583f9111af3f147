/**
 * Programs of cells. The compiler has one kind of programs for editors and projects, which remembers which file depends on which, to check
 * and to emit again only what must be: of hundreds of declaration files, it reckons that out anew with each cell.
 */
import type * as TypeScript from 'typescript-6.0';

type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;

/** Has a host make programs that remember nothing but their files, and know only of one file what it depends on, when they are asked. */
export function makeLeanPrograms(host: Host, ts: typeof TypeScript): void {
  host.createProgram = (...parameters) => {
    const program = ts.createAbstractBuilder(...parameters);
    program.getAllDependencies = (file) => dependencies(program.getProgram(), file);
    return program;
  };
}

/** The files that a file imports, and what they import, without what lies behind declarations: those need no look. */
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
