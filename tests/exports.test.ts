/**
 * Every public export has a test that calls it and looks at what comes of it: what always threw was once the one function that no
 * test named. "Public" is what a program reaches from `tf-mechanics`: functions, constants, and classes with their methods.
 *
 * A test counts for what stands in its callback, in its table, and in the functions of its file that these use, provided that
 * something is expected there. A local variable `loss` doesn't count for `mnist.loss`: a name has to be imported, or belong to what is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { describe, expect, it } from 'vitest';
import { ts } from './cellTypeScript';
import { publicValues } from './public';

const root = path.join(__dirname, '..');

const files = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true })
    .map((file) => path.join(root, folder, String(file)))
    .filter((file) => file.endsWith('.ts') && file !== __filename);

const parse = (file: string) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);

/** The public methods and accessors of the classes that are exported, as `Session.run`. */
function publicMembers(classes: ReadonlySet<string>): string[] {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  const sources = files('lib/src').filter((file) => !/\.test\.ts$|[\\/](testing|page)[\\/]/.test(file));
  return sources.flatMap((file) => {
    if (!/\bclass /.test(readFileSync(file, 'utf8'))) return [];
    return parse(file).statements.flatMap((statement) => {
      if (!ts.isClassDeclaration(statement) || !classes.has(statement.name?.text ?? '')) return [];
      return statement.members.flatMap((member) => {
        const called = ts.isMethodDeclaration(member) || ts.isGetAccessor(member);
        if (!called || !ts.isIdentifier(member.name) || ts.getCombinedModifierFlags(member) & hidden) return [];
        return [`${statement.name!.text}.${member.name.text}`];
      });
    });
  });
}

function namesOf(name: TypeScript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}

/** What the tests of a file name: what they import (`relu`, `tf.nn.relu`), and the members of anything (`.run`). */
function namedByTests(file: TypeScript.SourceFile, found: { imported: Set<string>; members: Set<string> }): void {
  const imported = new Set<string>();
  const helpers = new Map<string, TypeScript.Node[]>();
  const know = (name: string, node: TypeScript.Node) => helpers.set(name, [...(helpers.get(name) ?? []), node]);
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const { namedBindings } = statement.importClause ?? {};
      if (namedBindings && ts.isNamespaceImport(namedBindings)) imported.add(namedBindings.name.text);
      if (namedBindings && ts.isNamedImports(namedBindings))
        for (const { name } of namedBindings.elements) imported.add(name.text);
    }
  }
  /** Functions and constants, and what loops and destructuring name, each with where it comes from. */
  const collect = (node: TypeScript.Node) => {
    if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name) know(node.name.text, node);
    if (ts.isVariableDeclaration(node)) {
      const loop = node.parent.parent;
      const source = ts.isForOfStatement(loop) ? loop.expression : node.initializer;
      if (source) for (const name of namesOf(node.name)) know(name, source);
      // What is loaded when the tests run says by its type what it is: `let search: typeof hyperparameters.search`.
      const type = source && ts.isAsExpression(source) ? source.type : node.type;
      if (type && ts.isTypeQueryNode(type)) for (const name of namesOf(node.name)) imported.add(name);
    }
    ts.forEachChild(node, collect);
  };
  collect(file);

  const walked = new Set<TypeScript.Node>();
  const walk = (node: TypeScript.Node) => {
    if (walked.has(node) || (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node))) return;
    walked.add(node);
    if (ts.isPropertyAccessExpression(node)) {
      found.members.add(node.name.text);
      const words = node.getText().replace(/[!?]/g, '').split('.');
      if (imported.has(words[0]!)) for (const word of words) found.imported.add(word);
    } else if (ts.isIdentifier(node)) {
      if (imported.has(node.text)) found.imported.add(node.text);
      else for (const helper of helpers.get(node.text) ?? []) walk(helper);
    } else if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) {
      found.members.add(
        ts.isIdentifier(node.propertyName ?? node.name) ? (node.propertyName ?? node.name).getText() : '',
      );
    }
    ts.forEachChild(node, walk);
  };
  const visit = (node: TypeScript.Node) => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      if (/^(it|test)\b/.test(callee) && /\bexpect\b|\bcheck[A-Z]/.test(file.text)) walk(node);
      else if (/^describe\.each/.test(callee)) walk(node.expression); // the table of all the tests inside
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

describe('every public export', () => {
  const found = { imported: new Set<string>(), members: new Set<string>() };
  for (const file of [...files('lib/src'), ...files('tests')].filter((file) => file.endsWith('.test.ts')))
    namedByTests(parse(file), found);
  const names = publicValues().map(([name]) => name);
  const lastWord = (name: string) => name.split('.').at(-1)!;

  it('is known to this test', () => {
    expect(names.length).toBeGreaterThan(370);
    expect(names).toEqual(expect.arrayContaining(['tf.nn.relu', 'tf.train.Saver', 'plot.curves', 'graphView']));
  });

  it('is called by a test that looks at what comes of it', () => {
    expect(names.filter((name) => !found.imported.has(lastWord(name)))).toEqual([]);
  });

  it('has methods, each of which is called by such a test', () => {
    const members = publicMembers(new Set(names.map(lastWord)));
    expect(members).toContain('Session.runSync');
    expect(members.filter((name) => !found.members.has(lastWord(name)))).toEqual([]);
  });
});
