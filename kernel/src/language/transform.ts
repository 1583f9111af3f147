/** Transforms a cell's JavaScript before it runs. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { importedNames, shareImport } from './imports';
import { CAUGHT, FILE, IMPORT_META, INTERRUPT_CHECK, INTERRUPT_FLAG } from './names';

/** Replaces `import.meta`, which is only allowed in modules, by `$importMeta($file)`. */
export const replaceImportMeta: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const { factory } = context;
  const visit = (node: TypeScript.Node): TypeScript.Node =>
    ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword
      ? factory.createCallExpression(factory.createIdentifier(IMPORT_META), undefined, [factory.createIdentifier(FILE)])
      : ts.visitEachChild(node, visit, context);
  return (file) => (file.text.includes('import.meta') ? (visit(file) as TypeScript.SourceFile) : file);
};

/** Methods with callbacks that receive errors, in the order of their parameters. */
const CATCHING: readonly string[] = ['catch', 'then'];

/**
 * Inserts `$caught(error);` wherever an error is caught, which restores the names in its message: V8 quotes the
 * compiled code.
 */
export const tellCaught: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const { factory } = context;
  /** `.catch((error) => callback($caught(error)))`, and the same for the second parameter of `.then`. */
  const withCallback = (call: TypeScript.CallExpression): TypeScript.CallExpression => {
    const { expression, arguments: given } = call;
    const place = ts.isPropertyAccessExpression(expression) ? CATCHING.indexOf(expression.name.text) : -1;
    const callback = given[place];
    if (!callback || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return call;
    if (callback.parameters.length === 0) return call;
    const error = factory.createUniqueName('error');
    const told = factory.createCallExpression(factory.createIdentifier(CAUGHT), undefined, [error]);
    const wrapper = factory.createArrowFunction(
      undefined,
      undefined,
      [factory.createParameterDeclaration(undefined, undefined, error)],
      undefined,
      undefined,
      factory.createCallExpression(factory.createParenthesizedExpression(callback), undefined, [told]),
    );
    const others = given.map((argument) => (argument === callback ? wrapper : argument));
    return factory.updateCallExpression(call, expression, undefined, others);
  };
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isCallExpression(visited)) return withCallback(visited);
    if (!ts.isCatchClause(visited) || !visited.variableDeclaration) return visited;
    const { variableDeclaration, block } = visited;
    const { name } = variableDeclaration;
    const error = ts.isIdentifier(name) ? name : factory.createUniqueName('caught');
    const tell = factory.createCallExpression(factory.createIdentifier(CAUGHT), undefined, [error]);
    if (ts.isIdentifier(name)) {
      const statements = [factory.createExpressionStatement(tell), ...block.statements];
      return factory.updateCatchClause(visited, variableDeclaration, factory.updateBlock(block, statements));
    }
    // A destructuring pattern reads the message at once.
    const taken = factory.createVariableDeclaration(name, undefined, undefined, tell);
    const list = factory.createVariableDeclarationList([taken], ts.NodeFlags.Let);
    return factory.updateCatchClause(
      visited,
      factory.updateVariableDeclaration(variableDeclaration, error, undefined, undefined, undefined),
      factory.updateBlock(block, [factory.createVariableStatement(undefined, list), ...block.statements]),
    );
  };
  return (file) => (/\b(catch|then)\b/.test(file.text) ? (visit(file) as TypeScript.SourceFile) : file);
};

/**
 * Inserts `if ($interruptFlag[0]) $throwIfInterrupted();` at the head of every loop's and function's body. An interrupt
 * thus stops a computation that never returns to the event loop, with an ordinary exception that runs `finally` blocks
 * and leaves all variables usable. The flag lies in shared memory that another thread writes to; reading it takes about
 * a nanosecond.
 */
export const guardLoops: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const { factory } = context;
  const guard = () =>
    factory.createIfStatement(
      factory.createElementAccessExpression(factory.createIdentifier(INTERRUPT_FLAG), 0),
      factory.createExpressionStatement(
        factory.createCallExpression(factory.createIdentifier(INTERRUPT_CHECK), undefined, []),
      ),
    );
  const guarded = (body: TypeScript.Statement): TypeScript.Block => {
    if (!ts.isBlock(body)) return factory.createBlock([guard(), body], true);
    const directives = body.statements.findIndex((statement) => !ts.isPrologueDirective(statement));
    const head = directives < 0 ? body.statements.length : directives;
    return factory.updateBlock(body, [...body.statements.slice(0, head), guard(), ...body.statements.slice(head)]);
  };
  const visit = (node: TypeScript.Node): TypeScript.Node =>
    ts.visitEachChild(
      node,
      (child) => {
        const visited = visit(child);
        return isLoopOrFunctionBody(node, child) ? guarded(visited as TypeScript.Statement) : visited;
      },
      context,
    );
  return (file) => visit(file) as TypeScript.SourceFile;
};

function isLoopOrFunctionBody(parent: TypeScript.Node, child: TypeScript.Node): boolean {
  if (ts.isIterationStatement(parent, false)) return parent.statement === child;
  return ts.isFunctionLike(parent) && ts.isBlock(child) && (parent as { body?: TypeScript.Node }).body === child;
}

/**
 * Makes `exports`, which holds all variables, a plain object, which loops access many times faster than a proxy:
 *
 * - `$share(exports, 'name', $import('x', $file), 'name')` replaces the
 *   `Object.defineProperty(exports, 'name', { get })` that TypeScript emits for imported names: another cell may
 *   redeclare the name, and most imports need no accessor.
 * - The initial `exports.a = exports.b = void 0` is removed: a variable keeps its value until it gets a new one.
 *
 * @param names receives the names that the cell declares
 */
export function plainExports(names: string[]): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return ({ factory }) =>
    (file) => {
      names.length = 0;
      const imports = importedNames(ts.getOriginalNode(file) as TypeScript.SourceFile);
      const statements = file.statements.flatMap((statement) => {
        const declared = declaredExports(statement);
        if (declared.length > 0) {
          names.push(...declared);
          return [];
        }
        const property = definedExport(statement);
        if (!property) return [statement];
        if (!property.value) return []; // __esModule
        const imported = ts.isIdentifier(property.value) ? imports.get(property.value.text) : undefined;
        const target = factory.createPropertyAccessExpression(factory.createIdentifier('exports'), property.name);
        const shared = imported
          ? shareImport(property.name, imported, factory)
          : factory.createAssignment(target, property.value);
        return [factory.createExpressionStatement(shared)];
      });
      return factory.updateSourceFile(file, statements);
    };
}

/** The names in `exports.a = exports.b = void 0`; empty for other statements. */
function declaredExports(statement: TypeScript.Statement): string[] {
  if (!ts.isExpressionStatement(statement)) return [];
  const names: string[] = [];
  let expression = statement.expression;
  while (
    ts.isBinaryExpression(expression) &&
    ts.isPropertyAccessExpression(expression.left) &&
    ts.isIdentifier(expression.left.expression) &&
    expression.left.expression.text === 'exports'
  ) {
    names.push(expression.left.name.text);
    expression = expression.right;
  }
  return ts.isVoidExpression(expression) ? names : [];
}

function definedExport(statement: TypeScript.Statement): { name: string; value?: TypeScript.Expression } | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return undefined;
  const { expression, arguments: parameters } = statement.expression;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'defineProperty') return undefined;
  const [target, name, descriptor] = parameters;
  if (!target || !ts.isIdentifier(target) || target.text !== 'exports') return undefined;
  if (!name || !ts.isStringLiteral(name) || !descriptor || !ts.isObjectLiteralExpression(descriptor)) return undefined;
  const getter = descriptor.properties.find((property) => isNamed(property, 'get'));
  if (!getter || !ts.isPropertyAssignment(getter) || !ts.isFunctionExpression(getter.initializer))
    return { name: name.text };
  const [result] = getter.initializer.body.statements;
  return { name: name.text, value: result && ts.isReturnStatement(result) ? result.expression : undefined };
}

function isNamed(property: TypeScript.ObjectLiteralElementLike, name: string): boolean {
  return property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === name;
}

/** Whether code has top-level `await`. */
export function hasTopLevelAwait(source: string, fileName: string): boolean {
  if (!/\bawait\b/.test(source)) return false;
  const awaits = (node: TypeScript.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node))
      return node.name !== undefined && ts.isComputedPropertyName(node.name) && awaits(node.name);
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing)
      return true;
    return ts.forEachChild(node, awaits) ?? false;
  };
  // As a module; in a script `await (x)` calls a function of that name.
  return awaits(ts.createSourceFile(fileName, `export {};\n${source}`, ts.ScriptTarget.Latest));
}
