/** Replaces imports in compiled code by calls of the kernel: `require` doesn't have the semantics of `import`. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { boundNames } from './edit';
import { FILE, IMPORT, IMPORT_LATER, type ImportAttributes, type ImportRequest, LATE, SHARE, WHOLE } from './names';

/** Replaces `import(x)` by `$importLater(x, $file)`, and `import(x, y)` by `$importLater(x, $file, y)`. */
export const replaceDynamicImports: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const { factory } = context;
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isCallExpression(visited) || visited.expression.kind !== ts.SyntaxKind.ImportKeyword) return visited;
    return factory.createCallExpression(factory.createIdentifier(IMPORT_LATER), undefined, [
      visited.arguments[0] ?? factory.createVoidZero(),
      factory.createIdentifier(FILE),
      ...visited.arguments.slice(1),
    ]);
  };
  return (file) => (/\bimport\b/.test(file.text) ? (visit(file) as TypeScript.SourceFile) : file);
};

/** How to replace imports. */
export interface ImportsOptions {
  /** Whether all imported names are values: `$import` then checks that they exist. */
  readonly areValues: boolean;
  /** Whether the code is a generator's body, which pauses between its early exports and the rest. */
  readonly isGenerator?: boolean;
}

/**
 * Replaces the `require('x')` that the compiler emits for import statements by `$import('x', $file)`, and moves them
 * first, as imports are hoisted. Explicit `require` calls and `import x = require('x')` are left.
 *
 * @param ids receives the imported modules in order
 */
export function replaceImports(
  ids: string[],
  { areValues, isGenerator = false }: ImportsOptions,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const visitorOf = (names: readonly string[]) => {
      const visit = (node: TypeScript.Node): TypeScript.Node => {
        const id = required(node);
        if (id === undefined) return ts.visitEachChild(node, visit, context);
        ids.push(id.text);
        return factory.createCallExpression(factory.createIdentifier(IMPORT), undefined, [
          id,
          factory.createIdentifier(FILE),
          ...(names.length > 0
            ? [factory.createArrayLiteralExpression(names.map((name) => factory.createStringLiteral(name)))]
            : []),
        ]);
      };
      return visit;
    };
    return (file) => {
      ids.length = 0;
      const imports: TypeScript.Statement[] = [];
      const others: TypeScript.Statement[] = [];
      for (const statement of file.statements) {
        const original = ts.getOriginalNode(statement);
        if (!isImport(original)) others.push(statement);
        else {
          const names = areValues ? namesOf(original) : isWhole(original) ? [WHOLE] : [];
          const visit = visitorOf(names);
          imports.push(ts.visitNode(statement, visit) as TypeScript.Statement);
        }
      }
      const functions = new Set(
        file.statements.flatMap((one) => (ts.isFunctionDeclaration(one) && one.name?.text) || []),
      );
      const head = others.findIndex((statement) => !isHead(statement, functions));
      const start = head < 0 ? others.length : head;
      const pause = isGenerator
        ? [
            ...tellLate(file, factory),
            factory.createExpressionStatement(factory.createYieldExpression(undefined, undefined)),
          ]
        : [];
      return factory.updateSourceFile(file, [...others.slice(0, start), ...pause, ...imports, ...others.slice(start)]);
    };
  };
}

/** `$late(exports, 'a')` for exports that are uninitialized until their declaration runs. */
function tellLate(file: TypeScript.SourceFile, factory: TypeScript.NodeFactory): TypeScript.Statement[] {
  const names = lateNames(ts.getOriginalNode(file) as TypeScript.SourceFile);
  if (names.length === 0) return [];
  const call = factory.createCallExpression(factory.createIdentifier(LATE), undefined, [
    factory.createIdentifier('exports'),
    ...names.map((name) => factory.createStringLiteral(name)),
  ]);
  return [factory.createExpressionStatement(call)];
}

/** The exported names of constants, classes and initialized `let` variables. */
function lateNames({ statements }: TypeScript.SourceFile): string[] {
  const late = new Set<string>();
  const exported: string[] = [];
  for (const statement of statements) {
    if (ts.isExportAssignment(statement)) exported.push(...(statement.isExportEquals ? [] : ['default']));
    if (!ts.isVariableStatement(statement) && !ts.isClassDeclaration(statement)) continue;
    const kinds = new Set((statement.modifiers ?? []).map(({ kind }) => kind));
    if (kinds.has(ts.SyntaxKind.DeclareKeyword)) continue;
    const names = ts.isVariableStatement(statement) ? lateVariables(statement) : [statement.name?.text ?? ''];
    for (const name of names) late.add(name);
    if (kinds.has(ts.SyntaxKind.ExportKeyword))
      exported.push(...(kinds.has(ts.SyntaxKind.DefaultKeyword) ? ['default'] : names));
  }
  const lists = statements.filter(ts.isExportDeclaration).filter((statement) => !statement.moduleSpecifier);
  const elements = lists.flatMap(({ exportClause }) =>
    exportClause && ts.isNamedExports(exportClause) ? [...exportClause.elements] : [],
  );
  return [...exported, ...elements.filter((one) => late.has(nameOf(one))).map(({ name }) => name.text)];
}

function lateVariables({ declarationList }: TypeScript.VariableStatement): string[] {
  if ((declarationList.flags & ts.NodeFlags.BlockScoped) === 0) return [];
  return declarationList.declarations.filter(({ initializer }) => initializer).flatMap(boundNames);
}

/** The imports of a text in order; `ids` are those that remain after compilation. */
export function importRequests(source: string, file: string, ids: readonly string[]): ImportRequest[] {
  if (ids.length === 0) return [];
  const text = ts.createSourceFile(file, source, ts.ScriptTarget.Latest);
  const statements = text.statements.filter(isImport);
  return ids.map((id) => {
    const at = statements.findIndex(({ moduleSpecifier }) => (moduleSpecifier as TypeScript.StringLiteral).text === id);
    const [statement] = at < 0 ? [] : statements.splice(at, 1);
    const { line, character } = text.getLineAndCharacterOfPosition(statement?.getStart(text) ?? 0);
    return { id, line: line + 1, column: character + 1, attributes: attributesOf(statement) };
  });
}

function attributesOf({ attributes }: Partial<ImportStatement> = {}): ImportAttributes | undefined {
  return (
    attributes &&
    Object.fromEntries(
      attributes.elements.map(({ name, value }) => [name.text, (value as TypeScript.StringLiteral).text]),
    )
  );
}

/** A name that a cell imports. */
interface ImportedName {
  readonly id: string;
  /** Its name in the module. */
  readonly exported: string;
}

/** The names that import statements declare, except for namespaces. */
export function importedNames({ statements }: TypeScript.SourceFile): Map<string, ImportedName> {
  const names = new Map<string, ImportedName>();
  for (const statement of statements.filter(ts.isImportDeclaration)) {
    const id = (statement.moduleSpecifier as TypeScript.StringLiteral).text;
    const { name, namedBindings } = statement.importClause ?? {};
    if (name) names.set(name.text, { id, exported: 'default' });
    if (namedBindings && ts.isNamedImports(namedBindings))
      for (const element of namedBindings.elements) names.set(element.name.text, { id, exported: nameOf(element) });
  }
  return names;
}

/** `$share(exports, 'name', $import('x', $file), 'exported')`: makes an imported name available to all cells. */
export function shareImport(
  name: string,
  { id, exported }: ImportedName,
  factory: TypeScript.NodeFactory,
): TypeScript.Expression {
  const module = factory.createCallExpression(factory.createIdentifier(IMPORT), undefined, [
    factory.createStringLiteral(id),
    factory.createIdentifier(FILE),
  ]);
  return factory.createCallExpression(factory.createIdentifier(SHARE), undefined, [
    factory.createIdentifier('exports'),
    factory.createStringLiteral(name),
    module,
    factory.createStringLiteral(exported),
  ]);
}

type ImportStatement = (TypeScript.ImportDeclaration | TypeScript.ExportDeclaration) & {
  moduleSpecifier: TypeScript.Expression;
};

/** Whether a statement is `import … from 'x'`, `import 'x'` or `export … from 'x'`. */
function isImport(node: TypeScript.Node): node is ImportStatement {
  return (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined;
}

/** The `'x'` of a `require('x')` that the compiler emitted. */
function required(node: TypeScript.Node): TypeScript.StringLiteral | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'require')
    return undefined;
  const [id] = node.arguments;
  return node.expression.pos < 0 && id && ts.isStringLiteral(id) ? id : undefined;
}

/** Whether a statement imports a module's namespace. */
function isWhole(statement: ImportStatement): boolean {
  const bindings = ts.isExportDeclaration(statement) ? statement.exportClause : statement.importClause?.namedBindings;
  return bindings !== undefined && (ts.isNamespaceImport(bindings) || ts.isNamespaceExport(bindings));
}

/** The names that a statement imports. */
function namesOf(statement: ImportStatement): string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement;
    if (!exportClause) return [];
    return ts.isNamedExports(exportClause) ? exportClause.elements.map(nameOf) : [WHOLE];
  }
  const { name, namedBindings } = statement.importClause ?? {};
  const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.map(nameOf) : [];
  return [...(name ? ['default'] : []), ...named, ...(isWhole(statement) ? [WHOLE] : [])];
}

/** `a` of `{ a as b }`. */
const nameOf = ({ propertyName, name }: TypeScript.ImportSpecifier | TypeScript.ExportSpecifier) =>
  (propertyName ?? name).text;

/**
 * Whether a statement must stay first: directives, the compiler's own variables, and exports of hoisted or
 * uninitialized names.
 */
function isHead(statement: TypeScript.Statement, functions: ReadonlySet<string>): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.every(({ initializer }) => !initializer);
  if (!ts.isExpressionStatement(statement)) return false;
  let { expression } = statement;
  if (ts.isStringLiteral(expression)) return true;
  if (ts.isCallExpression(expression))
    return expression.arguments.some((argument) => ts.isStringLiteral(argument) && argument.text === '__esModule');
  if (!ts.isBinaryExpression(expression)) return false;
  while (ts.isBinaryExpression(expression) && isExport(expression.left)) expression = expression.right;
  return ts.isVoidExpression(expression) || (ts.isIdentifier(expression) && functions.has(expression.text));
}

/** Whether an expression is `exports.a`. */
function isExport(expression: TypeScript.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'exports'
  );
}
