/** Extracts the examples of the doc comments, the READMEs and the documents, and the values that their comments claim. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { ts } from '../cellTypeScript';

export const root = path.join(__dirname, '..', '..');

export interface Example {
  /** What it is an example of, `tf/scopes.ts nameScope`. */
  title: string;
  code: string;
  /** The file that it stands in. */
  file: string;
}

/** The examples of every source file, those of what isn't exported too. */
export function examplesOfSources(): Example[] {
  const folder = path.join(root, 'lib/src');
  const files = readdirSync(folder, { recursive: true }).map(String).sort();
  return files
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|[\\/])(testing|page)[\\/]/.test(file))
    .flatMap((file) => examplesOfSource(path.join(folder, file), file));
}

function examplesOfSource(file: string, shortName: string): Example[] {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('@example')) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Example[] = [];
  const visit = (node: TypeScript.Node, owner: string) => {
    const name = nameOf(node);
    const full = name && owner && !ts.isVariableDeclaration(node) ? `${owner}.${name}` : name || owner;
    for (const comment of (node as { jsDoc?: TypeScript.JSDoc[] }).jsDoc ?? []) {
      for (const tag of comment.tags ?? []) {
        if (tag.tagName.text !== 'example') continue;
        const code = linesOf(text.slice(tag.tagName.end, tag.end));
        found.push({ title: `${shortName} ${full}`.trim(), code, file });
      }
    }
    const isClass = ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isModuleDeclaration(node);
    ts.forEachChild(node, (child) => visit(child, isClass ? full : ts.isSourceFile(node) ? '' : owner));
  };
  visit(source, '');
  return found;
}

function nameOf(node: TypeScript.Node): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0]!.name.getText();
  const { name } = node as { name?: TypeScript.Node };
  return name && !ts.isParameter(node) ? name.getText() : '';
}

/** A tag's text without the stars before its lines. */
function linesOf(text: string): string {
  return text
    .replace(/\*\/\s*$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

/** The TypeScript of a Markdown file: the blocks of one chapter are one program. */
export function examplesOfMarkdown(file: string): Example[] {
  const chapters = readFileSync(path.join(root, file), 'utf8').split(/^## /m);
  return chapters.flatMap((chapter) => {
    const blocks = [...chapter.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
    const title = `${file} ${chapter.split('\n', 1)[0]}`;
    return blocks.length ? [{ title, code: blocks.join('\n').trim(), file: path.join(root, file) }] : [];
  });
}

/** What a comment beside a line says that its expression is: a value, or a tensor's dtype and shape. */
export type Said = { value: unknown } | { dtype?: string; shape: (number | null)[] };

/**
 * An example in two parts, its imports and its statements. What is added to a module (`declare module`) stands with the imports, as it
 * must, and what it may speak of with it: all before it. After each statement with a comment that can be read, the statements give what
 * it says and what its expression is to `check`.
 */
export function programOf({ code }: Example): { imports: string; statements: string; said: Said[] } {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
  const additions = source.statements.map(ts.isModuleDeclaration).lastIndexOf(true);
  const imports = source.statements.slice(0, additions + 1).map((statement) => statement.getText());
  const said: Said[] = [];
  const instrument = (statements: readonly TypeScript.Statement[], start: number, end: number): string => {
    let result = '';
    let at = start;
    for (const statement of statements) {
      result += code.slice(at, statement.pos);
      at = statement.end;
      if (ts.isImportDeclaration(statement)) {
        imports.push(statement.getText());
        continue;
      }
      const subject = subjectOf(statement);
      const comment = subject && commentAfter(code, statement.end);
      const says = comment === undefined ? undefined : parseComment(comment);
      if (subject && says) {
        said.push(says);
        const check = `await check(${said.length - 1}, ${subject.text});`;
        if (subject.replaces) result += `${code.slice(statement.pos, statement.getStart())}${check}`;
        else result += `${code.slice(statement.pos, statement.end)} ${check}`;
        continue;
      }
      const block = blockOf(statement);
      if (block) {
        result += code.slice(statement.pos, block.statements.pos);
        result += instrument(block.statements, block.statements.pos, block.statements.end);
        at = block.statements.end;
      } else result += code.slice(statement.pos, statement.end);
    }
    return result + code.slice(at, end);
  };
  const [begin, rest] = [source.statements[additions]?.end ?? 0, source.statements.slice(additions + 1)];
  const statements = instrument(rest, begin, code.length).replace(/^export /gm, '');
  return { imports: imports.join('\n').replace(/^export /gm, ''), statements, said };
}

/** What a comment after the statement would be about. */
function subjectOf(statement: TypeScript.Statement): { text: string; replaces: boolean } | undefined {
  if (ts.isExpressionStatement(statement)) return { text: statement.expression.getText(), replaces: true };
  if (!ts.isVariableStatement(statement)) return undefined;
  const { declarations } = statement.declarationList;
  const name = declarations.length === 1 && declarations[0]!.name;
  return name && ts.isIdentifier(name) ? { text: name.text, replaces: false } : undefined;
}

/** The block whose statements may have such comments too: that of `try`. */
function blockOf(statement: TypeScript.Statement): TypeScript.Block | undefined {
  return ts.isTryStatement(statement) ? statement.catchClause?.block : undefined;
}

/** The comment on the line where a statement ends, or alone on the next. */
function commentAfter(code: string, end: number): string | undefined {
  return /^[ \t]*;?(?:\n)?[ \t]*\/\/ (.*)/.exec(code.slice(end))?.[1];
}

function parseComment(comment: string): Said | undefined {
  const dimensions = (text: string) =>
    text.split(',').flatMap((size) => (size.trim() === '' ? [] : [size.trim() === 'null' ? null : Number(size)]));
  const shape = String.raw`\[((?:(?:\d+|null)(?:, )?)*)\]`;
  const arrow = new RegExp(`^.*${shape}.* → ${shape}$`).exec(comment);
  if (arrow) return { shape: dimensions(arrow[2]!) };
  const typed = new RegExp(`^(float32|int32|int64|bool|string) (?:scalar|${shape})$`).exec(comment);
  if (typed) return { dtype: typed[1]!, shape: dimensions(typed[2] ?? '') };
  const literal = ts.createSourceFile('literal.ts', `(${comment})`, ts.ScriptTarget.ES2022, true);
  const [only] = literal.statements;
  const sound = (literal as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length === 0;
  if (!sound || literal.statements.length !== 1 || !ts.isExpressionStatement(only!)) return undefined;
  return isLiteral(only.expression) ? { value: new Function(`return ${only.getText()}`)() } : undefined;
}

function isLiteral(node: TypeScript.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isLiteral(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isLiteral);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((property) => ts.isPropertyAssignment(property) && isLiteral(property.initializer));
  const literals = [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword];
  return (
    ts.isNumericLiteral(node) || ts.isStringLiteral(node) || ts.isBigIntLiteral(node) || literals.includes(node.kind)
  );
}
