/**
 * Extracts the exports of a library module with their signatures and the first sentences of their doc comments from the
 * sources.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot } from './setup/paths.mjs';

const ts = createRequire(inRoot('docs', 'package.json'))('typescript');

/** The file of a module specifier. */
function fileOf(specifier, from) {
  const file = path.join(path.dirname(from), specifier);
  return existsSync(`${file}.ts`) ? `${file}.ts` : path.join(file, 'index.ts');
}

/** A file's exports: declarations by name, and for namespaces (`export * as`) their file. */
function exportsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = new Map();
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !statement.isTypeOnly) {
      const target = fileOf(statement.moduleSpecifier.text, file);
      const { exportClause } = statement;
      if (!exportClause) for (const [name, what] of exportsOf(target)) found.set(name, what);
      else if (ts.isNamespaceExport(exportClause)) found.set(exportClause.name.text, { namespace: target });
      else
        for (const { name, propertyName, isTypeOnly } of exportClause.elements)
          if (!isTypeOnly) found.set(name.text, exportsOf(target).get((propertyName ?? name).text));
    } else if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      const names = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
      for (const { name } of names) {
        const value = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || names !== statement;
        if (!value || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) continue;
        const known = found.get(name.text)?.declarations ?? [];
        found.set(name.text, { declarations: [...known, statement] });
      }
    }
  }
  return found;
}

const plain = (text) => text.replace(/\s+/g, ' ').replace(/, (?=[)>])/g, '');

function parametersOf({ parameters }) {
  const parts = parameters.map(({ name, type, questionToken, dotDotDotToken, initializer }) => {
    const label = ts.isIdentifier(name) ? name.text : 'options';
    const given = type?.getText() ?? (initializer && ts.isNumericLiteral(initializer) ? 'number' : 'string');
    return `${dotDotDotToken ? '...' : ''}${label}${questionToken || initializer ? '?' : ''}: ${given}`;
  });
  return `(${parts.join(', ')})`;
}

/** The signatures of a name, one for each overload. */
function signaturesOf(prefix, name, declarations) {
  const full = prefix + name;
  const [first] = declarations;
  if (ts.isVariableStatement(first)) {
    const { type, initializer } = first.declarationList.declarations.find((one) => one.name.text === name);
    if (initializer && ts.isArrowFunction(initializer) && !type)
      return [plain(`${full}${parametersOf(initializer)}${initializer.type ? `: ${initializer.type.getText()}` : ''}`)];
    return [plain(type ? `${full}: ${type.getText()}` : full)];
  }
  if (ts.isClassDeclaration(first)) {
    const made = first.members.filter((member) => ts.isConstructorDeclaration(member));
    const signatures = made.filter(({ body }) => made.length === 1 || !body);
    const isAbstract = first.modifiers.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword);
    if (isAbstract) return [`abstract class ${full}`];
    return signatures.length ? signatures.map((one) => plain(`new ${full}${parametersOf(one)}`)) : [`class ${full}`];
  }
  const signatures = declarations.filter(({ body }) => declarations.length === 1 || !body);
  return signatures.map((one) => plain(`${full}${parametersOf(one)}${one.type ? `: ${one.type.getText()}` : ''}`));
}

/** The first sentence of a doc comment. */
function sentenceOf(declarations) {
  for (const declaration of declarations) {
    const comment = ts.getJSDocCommentsAndTags(declaration).find((part) => ts.isJSDoc(part) && part.comment);
    if (!comment) continue;
    const text = plain(ts.getTextOfJSDocComment(comment.comment).replace(/\{@link ([^}|]+)[^}]*\}/g, '`$1`'));
    return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
  }
  return '';
}

/** The exports of a library namespace such as `data` in alphabetical order, including those of nested namespaces. */
export function signatures(namespace) {
  const list = (file, prefix) =>
    [...exportsOf(file)].flatMap(([name, { namespace: inner, declarations }]) =>
      inner
        ? list(inner, `${prefix}${name}.`)
        : [
            {
              name: prefix + name,
              signatures: signaturesOf(prefix, name, declarations),
              what: sentenceOf(declarations),
            },
          ],
    );
  const index = inRoot('lib', 'src', 'index.ts');
  const { namespace: file } = exportsOf(index).get(namespace);
  return list(file, `${namespace}.`).sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
