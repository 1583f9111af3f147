/** Whether a cell is finished, for consoles that run it then. */
import type * as TypeScript from 'typescript-6.0';
import { openBrackets } from './brackets';
import { parsed, parseErrors, ts } from './compiler';

/** As the Jupyter protocol has it. */
export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  /** With the next line's indentation. */
  | { readonly status: 'incomplete'; readonly indent: string };

/** What the compiler says of a text that has ended too early, wherever it says it: an unfinished template, comment. */
const UNTERMINATED = new Set([1010, 1160]);
/** And of a string, which ends with its line, unless that ends with a backslash. */
const UNTERMINATED_STRING = 1002;

/**
 * A cell is finished when it can be parsed, and unfinished when it can be once there are more lines. Mostly that is told by the first thing
 * that the parser misses: it is missing at the cell's end. Where a parser has to guess, as at `(a, b: number`, it complains of an earlier
 * place; so what might follow is tried.
 */
export function completeness(source: string): Completeness {
  const file = parsed(source);
  const [first] = parseErrors(file);
  const isUnfinished = first ? isAtEnd(first, file) || canGoOn(source) : isBegun(file);
  if (isUnfinished) return { status: 'incomplete', indent: indentation(source) };
  return { status: first ? 'invalid' : 'complete' };
}

function isAtEnd({ code, start = 0 }: TypeScript.Diagnostic, file: TypeScript.SourceFile): boolean {
  if (code === UNTERMINATED_STRING) return file.text.endsWith('\\');
  return UNTERMINATED.has(code) || start >= endOfCode(file);
}

/** Where the last token ends; comments and space follow. */
function endOfCode(file: TypeScript.SourceFile): number {
  return file.endOfFileToken.getFullStart();
}

/** Whether the parser has taken for a statement what only begins one: `const x` without its value, a function without its body. */
function isBegun(file: TypeScript.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (!last) return false;
  if (ts.canHaveModifiers(last) && ts.getModifiers(last)?.some(isDeclare)) return false;
  if (ts.isVariableStatement(last)) return isWithoutValue(last.declarationList) && !last.getText(file).endsWith(';');
  if (ts.isFunctionDeclaration(last)) return !last.body;
  return ts.isExpressionStatement(last) && last.getText(file) === 'let';
}

const isDeclare = ({ kind }: TypeScript.Modifier) => kind === ts.SyntaxKind.DeclareKeyword;

/** Whether the last variable of a list has no value, and needs one. */
function isWithoutValue({ declarations, flags }: TypeScript.VariableDeclarationList): boolean {
  const last = declarations.at(-1);
  if (!last || declarations.hasTrailingComma) return true;
  return !last.initializer && ((flags & ts.NodeFlags.Constant) !== 0 || !ts.isIdentifier(last.name));
}

/** What may follow where the parser can't tell what it reads: parameters of a function without a name, their types, those of a call. */
const CONTINUATIONS = ['', 'x', '{}', "'x'", 'x => x', 'x> => x', 'x>() => x', 'x>() class x {}'];

/** Whether there is something that makes a whole of a text, on a line of its own. */
function canGoOn(source: string): boolean {
  const closing = openBrackets(source)
    .reverse()
    .map(({ close }) => close);
  // One of the open parentheses may be that of parameters.
  const ends = [-1, ...closing.keys()].map((arrow) =>
    closing.map((close, i) => (i === arrow && close === ')' ? ') => x' : close)).join(''),
  );
  return [...new Set(ends)].some((end) =>
    CONTINUATIONS.some((next) => parseErrors(parsed(`${source}\n${next}${end}`)).length === 0),
  );
}

/** That of the last line, two more spaces where it leaves something open; none in the text of a template, which it would be part of. */
function indentation(source: string): string {
  const begin = source.lastIndexOf('\n') + 1;
  const innermost = openBrackets(source).at(-1);
  if (innermost?.close === '`') return '';
  const indent = /^\s*/.exec(source.slice(begin))?.[0] ?? '';
  return innermost && innermost.start >= begin ? `${indent}  ` : indent;
}
