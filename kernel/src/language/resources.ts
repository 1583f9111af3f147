/**
 * `using` at a cell's top level. A cell is its block: at its end, however it comes, the resources are disposed of in
 * reverse order. Later cells don't see the names, whose values would be useless.
 */
import type * as TypeScript from 'typescript-6.0';
import { parsed, ts } from './compiler';

/** The variable that holds a cell's resources. */
const RESOURCES = '$resources';

/** Whether a statement is `using x = …` or `await using x = …`. */
export function isUsing(statement: TypeScript.Statement): statement is TypeScript.VariableStatement {
  return ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Using) !== 0;
}

const isAwaited = ({ declarationList: { flags } }: TypeScript.VariableStatement) =>
  (flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;

/** The names that a cell, or its compiled code, declares by `using` at its top level. */
export function usedNames(source: string): Set<string> {
  if (!/\busing\b/.test(source)) return new Set();
  // As a module, where `await using` is allowed.
  const { statements } = parsed(source);
  const declarations = statements.filter(isUsing).flatMap(({ declarationList }) => [...declarationList.declarations]);
  return new Set(declarations.map(({ name }) => (name as TypeScript.Identifier).text));
}

/** The compiler's internal helpers for `using`. */
interface Helpers {
  createAddDisposableResourceHelper(
    resources: TypeScript.Expression,
    value: TypeScript.Expression,
    isAwaited: boolean,
  ): TypeScript.Expression;
  createDisposeResourcesHelper(resources: TypeScript.Expression): TypeScript.Expression;
}

/**
 * Transformers, before and after the conversion to CommonJS, that turn `using x = value` into
 *
 *     const $resources = { stack: [], error: void 0, hasError: false };
 *     try { const x = __addDisposableResource($resources, value, false); … }
 *     catch (error) { Object.assign($resources, { error, hasError: true }); } finally { __disposeResources($resources); }
 *
 * The compiler's own transformation would declare the exports before such a block, as other variables than those that
 * cells share.
 */
export function disposeAtEnd(): Record<'before' | 'after', TypeScript.TransformerFactory<TypeScript.SourceFile>> {
  /** The statement that disposes of the resources. */
  let disposal: TypeScript.Expression | undefined;
  return {
    before: (context) => (file) => {
      const held = file.statements.filter(isUsing);
      disposal = undefined;
      if (held.length === 0) return file;
      const { factory } = context;
      const resources = factory.createIdentifier(RESOURCES);
      const helpers = (context as unknown as { getEmitHelperFactory(): Helpers }).getEmitHelperFactory();
      disposal = helpers.createDisposeResourcesHelper(resources);
      if (held.some(isAwaited)) disposal = factory.createAwaitExpression(disposal);
      const hold = (statement: TypeScript.VariableStatement) => {
        const declarations = statement.declarationList.declarations.map((declaration) => {
          const { name, initializer = factory.createVoidZero() } = declaration;
          const value = helpers.createAddDisposableResourceHelper(resources, initializer, isAwaited(statement));
          return factory.updateVariableDeclaration(declaration, name, undefined, undefined, value);
        });
        const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const);
        return factory.updateVariableStatement(statement, undefined, list);
      };
      return factory.updateSourceFile(
        file,
        file.statements.map((statement) => (isUsing(statement) ? hold(statement) : statement)),
      );
    },
    after:
      ({ factory }) =>
      (file) => {
        if (!disposal) return file;
        const end = factory.createBlock([factory.createExpressionStatement(disposal)]);
        return factory.updateSourceFile(file, disposingOf(file.statements, end, factory));
      },
  };
}

function disposingOf(
  statements: readonly TypeScript.Statement[],
  end: TypeScript.Block,
  factory: TypeScript.NodeFactory,
): TypeScript.Statement[] {
  const body = statements.findIndex((statement) => !ts.isPrologueDirective(statement));
  const state = (error: TypeScript.Expression, hasError: TypeScript.Expression) => [
    factory.createPropertyAssignment('error', error),
    factory.createPropertyAssignment('hasError', hasError),
  ];
  const stack = factory.createPropertyAssignment('stack', factory.createArrayLiteralExpression());
  const resources = factory.createVariableDeclaration(
    RESOURCES,
    undefined,
    undefined,
    factory.createObjectLiteralExpression([stack, ...state(factory.createVoidZero(), factory.createFalse())]),
  );
  const fail = factory.createCallExpression(
    factory.createPropertyAccessExpression(factory.createIdentifier('Object'), 'assign'),
    undefined,
    [
      factory.createIdentifier(RESOURCES),
      factory.createObjectLiteralExpression(state(factory.createIdentifier('error'), factory.createTrue())),
    ],
  );
  return [
    ...statements.slice(0, body),
    factory.createVariableStatement(undefined, factory.createVariableDeclarationList([resources], ts.NodeFlags.Const)),
    factory.createTryStatement(
      factory.createBlock(statements.slice(body), true),
      factory.createCatchClause('error', factory.createBlock([factory.createExpressionStatement(fail)])),
      end,
    ),
  ];
}
