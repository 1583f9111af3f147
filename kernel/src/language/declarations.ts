/** Handles the declarations that cells share, as the text of a `.d.ts` file. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { parsed, ts } from './compiler';
import { isAddition } from './tslab';

/**
 * Selects declarations by name.
 *
 * @param isWanted called for every name of a value
 * @param types whether to keep declarations of types only, which have no value that could be missing
 */
export function selectDeclarations(text: string, isWanted: (name: string) => boolean, types = true): string {
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest);
  const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });
  const kept = file.statements.flatMap((statement) => select(statement, isWanted, types) ?? []);
  return kept.map((statement) => `${printer.printNode(ts.EmitHint.Unspecified, statement, file)}\n`).join('');
}

/** The names of values and types that a cell declares. */
export function localNames(source: string): string[] {
  // As a module: names of scripts are global.
  const file = parsed(source);
  ts.bindSourceFile(file, { target: ts.ScriptTarget.ESNext });
  const names = [...((file as { locals?: Map<TypeScript.__String, unknown> }).locals?.keys() ?? [])];
  // The compiler escapes names that begin with two underscores.
  return names.filter((name) => !isAddition(String(name))).map(ts.unescapeLeadingUnderscores);
}

/**
 * Replaces linked paths of package files by their real paths. The compiler writes the links (`../node_modules/x` in a
 * workspace, with `npm link` or pnpm), and would treat the types there as different from those of the imported package.
 */
export function withRealFiles(text: string, directory: string): string {
  return text.replaceAll(/\bimport\("(\.[^"]*\/node_modules\/[^"]*)"\)/g, (whole, request: string) => {
    const folder = path.resolve(directory, path.dirname(request));
    const real = existsSync(folder) ? realpathSync(folder) : folder;
    if (real === folder) return whole;
    const relative = path.relative(directory, path.join(real, path.basename(request))).replaceAll('\\', '/');
    return `import("${relative.startsWith('.') ? relative : `./${relative}`}")`;
  });
}

/** Removes the namespaces, global augmentations and module augmentations that a cell redeclares. */
export function withoutReplacedModules(text: string, source: string): string {
  if (!modules.test(text) || !modules.test(source)) return text;
  const own = new Set(ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest).statements.flatMap(moduleKeys));
  return printed(text, (statement) => !moduleKeys(statement).some((key) => own.has(key)));
}

/**
 * The namespaces and augmentations among some declarations, which tslab drops, except for those that a cell redeclares.
 */
export function keptModules(text: string, names: readonly string[]): string {
  if (!modules.test(text)) return '';
  return printed(text, (statement) => moduleKeys(statement).some((key) => !names.includes(key)));
}

const modules = /\b(namespace|module|global)\b/;

function printed(text: string, isWanted: (statement: TypeScript.Statement) => boolean): string {
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest);
  return file.statements
    .filter(isWanted)
    .map((statement) => `${statement.getText(file)}\n`)
    .join('');
}

/** The names of values that `declare global` declares. */
export function globalNames(text: string): Set<string> {
  if (!/\bglobal\b/.test(text)) return new Set();
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest);
  const keys = file.statements.flatMap(moduleKeys).filter((key) => key.startsWith('global '));
  return new Set(keys.map((key) => key.slice('global '.length)));
}

/** The keys that identify a namespace, or each name of an augmentation. */
function moduleKeys(statement: TypeScript.Statement): string[] {
  if (!ts.isModuleDeclaration(statement)) return [];
  const isAddition = ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
  const name = statement.name.text;
  if (!isAddition || !statement.body || !ts.isModuleBlock(statement.body)) return [name];
  const members = statement.body.statements.flatMap((member) =>
    ts.isVariableStatement(member)
      ? member.declarationList.declarations.map((declaration) => (declaration.name as TypeScript.Identifier).text)
      : ((member as { name?: TypeScript.Identifier }).name?.text ?? []),
  );
  return members.map((member) => `${name} ${member}`);
}

/** The names of all declared values. */
export function declaredNames(text: string): Set<string> {
  const names = new Set<string>();
  selectDeclarations(text, (name) => {
    names.add(name);
    return false;
  });
  return names;
}

function select(
  statement: TypeScript.Statement,
  isWanted: (name: string) => boolean,
  types: boolean,
): TypeScript.Statement | undefined {
  const { factory } = ts;
  if (ts.isVariableStatement(statement)) {
    const list = statement.declarationList;
    const declarations = list.declarations.filter(({ name }) => ts.isIdentifier(name) && isWanted(name.text));
    if (declarations.length === 0) return undefined;
    return factory.updateVariableStatement(
      statement,
      statement.modifiers,
      factory.updateVariableDeclarationList(list, declarations),
    );
  }
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
    return statement.name && isWanted(statement.name.text) ? statement : undefined;
  if (ts.isImportDeclaration(statement)) return selectImports(statement, isWanted);
  return types ? statement : undefined;
}

function selectImports(
  statement: TypeScript.ImportDeclaration,
  isWanted: (name: string) => boolean,
): TypeScript.ImportDeclaration | undefined {
  const { factory } = ts;
  const { importClause } = statement;
  if (!importClause) return undefined;
  const name = importClause.name && isWanted(importClause.name.text) ? importClause.name : undefined;
  const { namedBindings } = importClause;
  let bindings: TypeScript.NamedImportBindings | undefined;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    bindings = isWanted(namedBindings.name.text) ? namedBindings : undefined;
  } else if (namedBindings) {
    const elements = namedBindings.elements.filter((element) => isWanted(element.name.text));
    bindings = elements.length > 0 ? factory.updateNamedImports(namedBindings, elements) : undefined;
  }
  if (!name && !bindings) return undefined;
  const clause = factory.updateImportClause(importClause, importClause.phaseModifier, name, bindings);
  return factory.updateImportDeclaration(
    statement,
    statement.modifiers,
    clause,
    statement.moduleSpecifier,
    statement.attributes,
  );
}
