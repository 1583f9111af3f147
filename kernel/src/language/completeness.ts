/** Whether a cell's code is complete; consoles then run it on Enter. */
import type * as TypeScript from 'typescript-6.0';
import { openBrackets } from './brackets';
import { parsed, parseErrors, ts } from './compiler';

/** As in Jupyter's protocol. */
export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  /** With the indentation of the next line. */
  | { readonly status: 'incomplete'; readonly indent: string };

/** The error codes of code that ends too early, wherever they are reported: unterminated templates and comments. */
const UNTERMINATED = new Set([1010, 1160]);
/** The code of an unterminated string, which is incomplete only if its line ends with a backslash. */
const UNTERMINATED_STRING = 1002;

/**
 * Code is complete when it parses, and incomplete when it could parse with more lines. Usually the first syntax error
 * decides: it lies at the end of the text. Where a parser has to guess, as at `(a, b: number`, it reports an earlier
 * place, so some possible continuations are tried.
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

/** The end of the last token, before trailing comments and whitespace. */
function endOfCode(file: TypeScript.SourceFile): number {
  return file.endOfFileToken.getFullStart();
}

/**
 * Whether the parser accepted only the beginning of a statement: `const x` without a value, a function without a body.
 */
function isBegun(file: TypeScript.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (!last) return false;
  if (ts.canHaveModifiers(last) && ts.getModifiers(last)?.some(isDeclare)) return false;
  if (ts.isVariableStatement(last)) return isWithoutValue(last.declarationList) && !last.getText(file).endsWith(';');
  if (ts.isFunctionDeclaration(last)) return !last.body;
  return ts.isExpressionStatement(last) && last.getText(file) === 'let';
}

const isDeclare = ({ kind }: TypeScript.Modifier) => kind === ts.SyntaxKind.DeclareKeyword;

/** Whether the last variable of a list lacks a required initializer. */
function isWithoutValue({ declarations, flags }: TypeScript.VariableDeclarationList): boolean {
  const last = declarations.at(-1);
  if (!last || declarations.hasTrailingComma) return true;
  return !last.initializer && ((flags & ts.NodeFlags.Constant) !== 0 || !ts.isIdentifier(last.name));
}

/**
 * Continuations to try where the parser can't tell what it reads: parameters of an arrow function, their types,
 * arguments.
 */
const CONTINUATIONS = ['', 'x', '{}', "'x'", 'x => x', 'x> => x', 'x>() => x', 'x>() class x {}'];

/** Whether some continuation on a line of its own makes the text complete. */
function canGoOn(source: string): boolean {
  const closing = openBrackets(source)
    .reverse()
    .map(({ close }) => close);
  // One of the open parentheses may enclose parameters.
  const ends = [-1, ...closing.keys()].map((arrow) =>
    closing.map((close, i) => (i === arrow && close === ')' ? ') => x' : close)).join(''),
  );
  return [...new Set(ends)].some((end) =>
    CONTINUATIONS.some((next) => parseErrors(parsed(`${source}\n${next}${end}`)).length === 0),
  );
}

/**
 * The indentation of the last line, plus two spaces if that opens something; empty inside a template, whose text it
 * would change.
 */
function indentation(source: string): string {
  const begin = source.lastIndexOf('\n') + 1;
  const innermost = openBrackets(source).at(-1);
  if (innermost?.close === '`') return '';
  const indent = /^\s*/.exec(source.slice(begin))?.[0] ?? '';
  return innermost && innermost.start >= begin ? `${indent}  ` : indent;
}
