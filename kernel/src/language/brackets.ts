/** Finds the open brackets of incomplete code. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** Something still open at a text's end. */
export interface OpenBracket {
  readonly start: number;
  /** What closes it: for a template its quotation mark, for a substitution in it only `}`. */
  readonly close: string;
}

const { SyntaxKind } = ts;

const PAIRS = new Map([
  [SyntaxKind.OpenParenToken, ')'],
  [SyntaxKind.OpenBracketToken, ']'],
  [SyntaxKind.OpenBraceToken, '}'],
]);

const CLOSING = new Set([SyntaxKind.CloseParenToken, SyntaxKind.CloseBracketToken, SyntaxKind.CloseBraceToken]);

/** Tokens that can end a value: a `/` after them divides; after all others it begins a regular expression. */
const ENDS_OF_VALUES = new Set([
  ...CLOSING,
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
]);

/** The brackets and templates open at a text's end, outermost first. */
export function openBrackets(source: string): OpenBracket[] {
  const open: OpenBracket[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, source);
  let before = SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const start = scanner.getTokenStart();
    if (isSlash(kind) && !ENDS_OF_VALUES.has(before)) kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.CloseBraceToken && open.at(-2)?.close === '`' && open.at(-1)?.close === '}')
      kind = scanner.reScanTemplateToken(false);
    take(open, kind, start, scanner.isUnterminated());
    before = kind;
  }
  return open;
}

/** Updates the open brackets for a token. */
function take(open: OpenBracket[], kind: TypeScript.SyntaxKind, start: number, isUnterminated: boolean): void {
  const close = PAIRS.get(kind);
  if (close) open.push({ start, close });
  else if (CLOSING.has(kind)) open.pop();
  else if (kind === SyntaxKind.NoSubstitutionTemplateLiteral && isUnterminated) open.push({ start, close: '`' });
  else if (kind === SyntaxKind.TemplateHead) open.push({ start, close: '`' }, { start, close: '}' });
  // The substitution ends, and with it usually the template.
  else if (kind === SyntaxKind.TemplateTail) open.splice(isUnterminated ? -1 : -2);
}

const isSlash = (kind: TypeScript.SyntaxKind) => kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
