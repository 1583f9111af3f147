/** What is done to the text of a cell before tslab gets it, and to the JavaScript module that it makes, before that becomes CommonJS. */
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { type Edited, ts } from './tslab';

/**
 * A cell without the `export` before its declarations, as code has that was written for a file; in a notebook everything is shared. Spaces
 * take its place, so that everything stays where it is.
 */
export function withoutExports(source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest);
  let text = source;
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const [first, second] = modifiers;
    if (first?.kind !== ts.SyntaxKind.ExportKeyword || second?.kind === ts.SyntaxKind.DefaultKeyword) continue;
    text = `${text.slice(0, first.end - 'export'.length)}      ${text.slice(first.end)}`;
  }
  return text;
}

/** Replaces what stands from `start` up to `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Has the variables of cells be the same ones in every cell:
 *
 * - Those declared with `let` live among the variables of all cells alone: `export let x` in the place of `let x; export { x }`. As
 *   tslab writes it, a function of that cell sees a copy, and misses what other cells assign.
 * - `{ x }`, where `x` is another cell's, becomes `{ x: exports.x }`; tslab overlooks those.
 *
 * @param isShared whether an earlier cell has declared a name
 */
export function shareVariables(module: string, isShared: (name: string) => boolean): Edited {
  const file = ts.createSourceFile('cell.js', module, ts.ScriptTarget.Latest, true);
  const edits = [...exportLets(file), ...expandShorthands(file, isShared)];
  return apply(
    file,
    edits.sort((a, b) => a.start - b.start),
  );
}

function apply(file: TypeScript.SourceFile, edits: readonly Edit[]): Edited {
  const insertions: { line: number; column: number; length: number }[] = [];
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += file.text.slice(at, edit.start);
    at = edit.end;
    if (edit.start === edit.end) {
      const { line } = file.getLineAndCharacterOfPosition(edit.start);
      insertions.push({ line, column: text.length - (text.lastIndexOf('\n') + 1), length: edit.text.length });
    }
    text += edit.text;
  }
  return { text: text + file.text.slice(at), insertions };
}

function exportLets(file: TypeScript.SourceFile): Edit[] {
  // tslab's list of all that is exported comes last.
  const exported = file.statements.filter(ts.isExportDeclaration).at(-1);
  if (!exported?.exportClause || !ts.isNamedExports(exported.exportClause)) return [];
  const lets = file.statements.filter(isLet);
  const names = new Set(lets.flatMap(({ declarationList }) => declarationList.declarations.flatMap(boundNames)));
  const others = exported.exportClause.elements.map(({ name }) => name.text).filter((name) => !names.has(name));
  return [
    ...lets.map((statement) => ({ start: statement.getStart(file), end: statement.getStart(file), text: 'export ' })),
    { start: exported.getStart(file), end: exported.end, text: `export { ${others.join(', ')} };` },
  ];
}

function isLet(statement: TypeScript.Statement): statement is TypeScript.VariableStatement {
  if (!ts.isVariableStatement(statement) || statement.modifiers?.length) return false;
  return (statement.declarationList.flags & ts.NodeFlags.Const) === 0;
}

/** The names that a declaration binds, those of patterns included. */
function boundNames({ name }: TypeScript.VariableDeclaration | TypeScript.BindingElement): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element) : []));
}

function expandShorthands(file: TypeScript.SourceFile, isShared: (name: string) => boolean): Edit[] {
  const edits: Edit[] = [];
  let bound = false;
  const visit = (node: TypeScript.Node): void => {
    if (ts.isShorthandPropertyAssignment(node) && isShared(node.name.text)) {
      if (!bound) ts.bindSourceFile(file, {});
      bound = true;
      const start = node.name.getStart(file);
      if (!isLocal(node)) edits.push({ start, end: start, text: `${node.name.text}: exports.` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

/** Whether the cell itself binds the name of a property. */
function isLocal({ name, parent }: TypeScript.ShorthandPropertyAssignment): boolean {
  for (let scope: TypeScript.Node & { locals?: Map<string, unknown> } = parent; scope; scope = scope.parent)
    if (scope.locals?.has(name.text)) return true;
  return false;
}
