/** Edits a cell's text before tslab sees it, and the JavaScript module that tslab emits before it becomes CommonJS. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { isUsing } from './resources';
import type { Edited } from './tslab';

/**
 * Removes `export` before the declarations of a cell, as in code written for a file: a notebook shares everything. It
 * is replaced by spaces, or by `import` in a re-export, so that places don't change.
 */
export function withoutExports(source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest);
  let text = source;
  for (const statement of file.statements) {
    if (isNamedReexport(statement)) {
      const start = statement.getStart(file);
      text = `${text.slice(0, start)}import${text.slice(start + 'export'.length)}`;
      continue;
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const [first, second] = modifiers;
    if (first?.kind !== ts.SyntaxKind.ExportKeyword || second?.kind === ts.SyntaxKind.DefaultKeyword) continue;
    text = `${text.slice(0, first.end - 'export'.length)}      ${text.slice(first.end)}`;
  }
  return text;
}

/**
 * Whether a statement is `export { a } from 'x'` or `export * as a from 'x'`, which gives a cell the same names as
 * `import`.
 */
function isNamedReexport(statement: TypeScript.Statement): boolean {
  if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause) return false;
  const { exportClause } = statement;
  return !ts.isNamedExports(exportClause) || exportClause.elements.every(({ name }) => name.text !== 'default');
}

/** Replaces the text from `start` to `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes the variables of cells shared between all cells:
 *
 * - Variables declared with `let` exist only as properties of the shared object: `let x; export { x }` becomes
 *   `export let x`. With tslab's output, functions of the cell would use a copy and miss assignments of other cells.
 * - `{ x }`, where `x` is another cell's, becomes `{ x: exports.x }`, which tslab overlooks.
 * - `var` in a block, branch or loop declares a variable of the whole cell: `export let` at the cell's head, and an
 *   assignment in its place.
 * - Variables declared with `using` are local to the cell; see `disposeAtEnd`.
 * - An anonymous function or class that is the cell's result stays anonymous; tslab's variable would name it.
 * - `exports.x` becomes `x` for names that `declare global` declares.
 *
 * @param isShared whether an earlier cell declared a name
 * @param isGlobal whether an earlier cell declared a name as global
 */
export function shareVariables(
  module: string,
  isShared: (name: string) => boolean,
  isGlobal: (name: string) => boolean,
): Edited {
  const file = ts.createSourceFile('cell.js', module, ts.ScriptTarget.Latest, true);
  const edits = [
    ...exportLets(file),
    ...useGlobals(file, isShared, isGlobal),
    ...expandShorthands(file, isShared),
    ...keepNameless(file),
  ];
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
    const length = edit.text.length - (edit.end - edit.start);
    if (length !== 0) {
      const { line } = file.getLineAndCharacterOfPosition(edit.start);
      insertions.push({ line, column: text.length - (text.lastIndexOf('\n') + 1), length });
    }
    text += edit.text;
  }
  return { text: text + file.text.slice(at), insertions };
}

const namesOf = (statements: readonly TypeScript.VariableStatement[]) =>
  new Set(statements.flatMap(({ declarationList }) => declarationList.declarations.flatMap(boundNames)));

function exportLets(file: TypeScript.SourceFile): Edit[] {
  // tslab's export list comes last.
  const exported = file.statements.filter(ts.isExportDeclaration).at(-1);
  if (!exported?.exportClause || !ts.isNamedExports(exported.exportClause)) return [];
  const lets = file.statements.filter(isLet);
  const names = namesOf(lets);
  const inner = innerVars(file);
  const hoisted = new Set(inner.flatMap(({ declarations }) => declarations.flatMap(boundNames)));
  const used = namesOf(file.statements.filter(isUsing));
  const others = exported.exportClause.elements
    .map(({ name }) => name.text)
    .filter((name) => !names.has(name) && !hoisted.has(name) && !used.has(name));
  const added = [...hoisted].filter((name) => !names.has(name));
  return [
    ...(added.length > 0 ? [{ start: 0, end: 0, text: `export let ${added.join(', ')}; ` }] : []),
    ...lets.map((statement) => ({ start: statement.getStart(file), end: statement.getStart(file), text: 'export ' })),
    ...inner.flatMap((list) => assignInstead(file, list)),
    { start: exported.getStart(file), end: exported.end, text: `export { ${others.join(', ')} };` },
  ];
}

/** The `var` declaration lists below the top level and outside of functions. */
function innerVars(file: TypeScript.SourceFile): TypeScript.VariableDeclarationList[] {
  const lists: TypeScript.VariableDeclarationList[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) lists.push(node);
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) if (!ts.isVariableStatement(statement)) visit(statement);
  return lists;
}

/** The names that `var` declares below a cell's top level. */
export function innerVarNames(source: string): Set<string> {
  if (!/\bvar\b/.test(source)) return new Set();
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true);
  return new Set(innerVars(file).flatMap(({ declarations }) => declarations.flatMap(boundNames)));
}

/** Turns `var x = 1` into `x = 1`. */
function assignInstead(file: TypeScript.SourceFile, list: TypeScript.VariableDeclarationList): Edit[] {
  const start = list.getStart(file);
  const end = start + 'var'.length;
  // Allowed as it is in a loop's head; a statement must not begin with a brace.
  if (!ts.isVariableStatement(list.parent)) return [{ start, end, text: '   ' }];
  return [
    { start, end, text: '  (' },
    { start: list.end, end: list.end, text: ')' },
  ];
}

/** Turns `() => 1` into `(0, () => 1)`. */
function keepNameless(file: TypeScript.SourceFile): Edit[] {
  return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList: { declarations } }) => {
    const [{ name, initializer }] = declarations as unknown as [TypeScript.VariableDeclaration];
    if (!ts.isIdentifier(name) || !/^tsLastExpr\d*$/.test(name.text) || !initializer) return [];
    let value = initializer;
    while (ts.isParenthesizedExpression(value)) value = value.expression;
    if (!ts.isArrowFunction(value) && !((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && !value.name))
      return [];
    const start = initializer.getStart(file);
    return [
      { start, end: start, text: '(0, ' },
      { start: initializer.end, end: initializer.end, text: ')' },
    ];
  });
}

function isLet(statement: TypeScript.Statement): statement is TypeScript.VariableStatement {
  if (!ts.isVariableStatement(statement) || statement.modifiers?.length) return false;
  return (statement.declarationList.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) === 0;
}

/** The names that a declaration binds, including those in patterns. */
export function boundNames({ name }: TypeScript.VariableDeclaration | TypeScript.BindingElement): string[] {
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

function useGlobals(
  file: TypeScript.SourceFile,
  isShared: (name: string) => boolean,
  isGlobal: (name: string) => boolean,
): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.getText(file) === 'exports' &&
      isGlobal(node.name.text) &&
      !isShared(node.name.text)
    )
      edits.push({ start: node.getStart(file), end: node.name.getStart(file), text: '' });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

/** Whether the cell itself declares the name of a shorthand property. */
function isLocal({ name, parent }: TypeScript.ShorthandPropertyAssignment): boolean {
  for (let scope: TypeScript.Node & { locals?: Map<string, unknown> } = parent; scope; scope = scope.parent)
    if (scope.locals?.has(name.text)) return true;
  return false;
}
