/** The brackets of a text that is no program yet. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** Something that is open at a text's end. */
export interface OpenBracket {
  readonly start: number;
  /** What closes it; of a template its quotation mark, and of what stands in it `}` alone. */
  readonly close: string;
}

const { SyntaxKind } = ts;

const PAIRS = new Map([
  [SyntaxKind.OpenParenToken, ')'],
  [SyntaxKind.OpenBracketToken, ']'],
  [SyntaxKind.OpenBraceToken, '}'],
]);

const CLOSING = new Set([SyntaxKind.CloseParenToken, SyntaxKind.CloseBracketToken, SyntaxKind.CloseBraceToken]);

/** What a value may end with: a `/` after it divides, and begins a regular expression after everything else. */
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

/** The brackets and templates that are open at a text's end, the outermost first. */
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

/** Notes what a token opens or closes. */
function take(open: OpenBracket[], kind: TypeScript.SyntaxKind, start: number, isUnterminated: boolean): void {
  const close = PAIRS.get(kind);
  if (close) open.push({ start, close });
  else if (CLOSING.has(kind)) open.pop();
  else if (kind === SyntaxKind.NoSubstitutionTemplateLiteral && isUnterminated) open.push({ start, close: '`' });
  else if (kind === SyntaxKind.TemplateHead) open.push({ start, close: '`' }, { start, close: '}' });
  // What stands in a template has come to its end, and with it mostly that.
  else if (kind === SyntaxKind.TemplateTail) open.splice(isUnterminated ? -1 : -2);
}

const isSlash = (kind: TypeScript.SyntaxKind) => kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
