/** Whether a cell is finished, for consoles that run it then. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** As the Jupyter protocol has it. */
export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  /** With the next line's indentation. */
  | { readonly status: 'incomplete'; readonly indent: string };

/** What the compiler says of a text that has ended too early, wherever it says it: an unfinished template, comment. */
const UNTERMINATED = new Set([1010, 1160]);
/** And of a string, which ends with its line, unless that ends with a backslash. */
const UNTERMINATED_STRING = 1002;

/** A cell is unfinished when the first thing that the parser misses is missing at its end; else what it misses makes it invalid. */
export function completeness(source: string): Completeness {
  const module = `export {};\n${source}`; // in which `await` is no name
  const file = ts.createSourceFile('cell.ts', module, ts.ScriptTarget.Latest, true);
  const [first] = (file as unknown as { parseDiagnostics: readonly TypeScript.Diagnostic[] }).parseDiagnostics;
  if (first ? isUnfinished(first, file) : isBegun(file)) return { status: 'incomplete', indent: indentation(source) };
  return { status: first ? 'invalid' : 'complete' };
}

function isUnfinished({ code, start = 0 }: TypeScript.Diagnostic, file: TypeScript.SourceFile): boolean {
  if (code === UNTERMINATED_STRING) return file.text.endsWith('\\');
  return UNTERMINATED.has(code) || start >= endOfCode(file);
}

/** Whether the parser has taken for a statement what only begins one: `let` or `const` alone, a function without its body. */
function isBegun(file: TypeScript.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (!last) return false;
  if (ts.isVariableStatement(last)) return last.declarationList.declarations.length === 0;
  if (ts.isFunctionDeclaration(last)) return !last.body && last.getText(file).endsWith(')');
  return ts.isExpressionStatement(last) && last.getText(file) === 'let';
}

/** Where the last token ends; comments and space follow. */
function endOfCode(file: TypeScript.SourceFile): number {
  return file.endOfFileToken.getFullStart();
}

/** That of the last line, and two more spaces after what opens something. */
function indentation(source: string): string {
  const line = source.slice(source.lastIndexOf('\n') + 1);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /[{([]\s*$/.test(line) ? `${indent}  ` : indent;
}
