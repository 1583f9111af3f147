/** The compiler's objections to a cell, in the form in which the compiler itself prints them. */
import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { isUnderDevelopment, packageOf } from '../projectFiles';
import { ts } from './tslab';

/** A cell that doesn't compile. */
export class TypeScriptError extends Error {
  override readonly name = 'TypeScriptError';
  /** All objections with the lines that they concern, coloured for a terminal. */
  readonly report: string;

  constructor(message: string, report = message) {
    super(message);
    this.report = report;
  }
}

/** So many objections are shown: where there are more, the first have caused the others. */
const SHOWN = 8;

/** The length of what tslab puts before a cell's text, which makes it a module. */
const PREFIX_LENGTH = `export {};${ts.sys.newLine}`.length;

/** A cell that doesn't compile. */
interface Refused {
  readonly source: string;
  readonly name: string;
  readonly fileName: string;
  /** Whether no cell has declared anything before it. */
  readonly isFirst: boolean;
}

/** What the compiler says of a name that nothing declares, and of a parameter whose type depends on one. */
const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2663, 18004]);
const IMPLIED = new Set([7005, 7006, 7031, 7034, 7053]);
/** So many unknown names are no slips any more. */
const MANY = 3;
/** Of them so many are named. */
const NAMED = 5;

/** For a notebook whose kernel has been restarted, where every name is missing: the one thing to do about it. */
function runFirst(unknown: readonly TypeScript.Diagnostic[]): string {
  const names = [...new Set(unknown.map(({ file, start = 0, length }) => file?.text.substr(start, length ?? 0)))];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more names` : '';
  return `no cell that has run declares ${names.slice(0, NAMED).join(', ')}${more}: ${ADVICE}`;
}

const ADVICE = 'after a restart, run the cells above first (Run > Run All Above Selected Cell)';

/**
 * The error for a cell that tslab refused.
 *
 * @param diagnostics all that the compiler objects to
 * @param refused the places of what tslab takes for an error: of the others some are no errors in a notebook
 */
export function typeScriptError(
  diagnostics: readonly TypeScript.Diagnostic[],
  refused: readonly { readonly code: number; readonly messageText: string }[],
  cell: Refused,
): TypeScriptError {
  const text = ts.createSourceFile(cell.name, cell.source, ts.ScriptTarget.Latest);
  const ofCell = diagnostics
    .filter((diagnostic) => refused.some(({ code }) => code === diagnostic.code))
    .map((diagnostic) => (diagnostic.file?.fileName === cell.fileName ? inCell(diagnostic, text) : diagnostic));
  const own = host(path.dirname(cell.fileName));
  const unknown = ofCell.filter(({ code }) => UNKNOWN_NAME.has(code));
  if (new Set(unknown.map(({ file, start = 0, length }) => file?.text.substr(start, length))).size >= MANY) {
    const others = ofCell.filter(({ code }) => !UNKNOWN_NAME.has(code) && !IMPLIED.has(code)).slice(0, SHOWN);
    const advice = runFirst(unknown);
    const report = [advice, ts.formatDiagnosticsWithColorAndContext(others, own).trim()].filter(Boolean).join('\n\n');
    return new TypeScriptError(advice, report);
  }
  const shown = ofCell.slice(0, SHOWN);
  const more =
    (ofCell.length > SHOWN ? `\n\n… and ${ofCell.length - SHOWN} more errors` : '') +
    (cell.isFirst && unknown.length > 0 ? `\n\n${ADVICE[0]?.toUpperCase()}${ADVICE.slice(1)}.` : '');
  const plain = ts.formatDiagnostics(shown, own).trim();
  const fallback = refused.map(({ code, messageText }) => `error TS${code}: ${messageText}`).join('\n');
  return new TypeScriptError(
    plain || fallback,
    (ts.formatDiagnosticsWithColorAndContext(shown, own).trim() || fallback) + more,
  );
}

/** What the compiler objects to in the modules that a cell imports, or '': in the notebook it is told, and their project's affair. */
export function moduleObjections(diagnostics: readonly TypeScript.Diagnostic[], directory: string): string {
  const own = packageOf(path.join(directory, 'cell.ts'));
  const ofModules = diagnostics.filter(
    ({ file, category }) =>
      file &&
      category === ts.DiagnosticCategory.Error &&
      path.basename(file.fileName) !== '__tslab__.ts' &&
      isUnderDevelopment(path.normalize(file.fileName)) &&
      packageOf(path.normalize(file.fileName)) === own,
  );
  return ofModules.length > 0
    ? ts.formatDiagnosticsWithColorAndContext(ofModules.slice(0, SHOWN), host(directory))
    : '';
}

function host(directory: string): TypeScript.FormatDiagnosticsHost {
  return {
    getCurrentDirectory: () => directory,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
}

/** The error for a module that can't be parsed. */
export function syntaxError(diagnostics: readonly TypeScript.Diagnostic[]): TypeScriptError {
  const own = host(process.cwd());
  return new TypeScriptError(
    ts.formatDiagnostics(diagnostics, own).trim(),
    ts.formatDiagnosticsWithColorAndContext(diagnostics, own).trim(),
  );
}

/** A diagnostic whose places are the cell's, without what tslab adds before and after its text. */
function inCell(diagnostic: TypeScript.Diagnostic, file: TypeScript.SourceFile): TypeScript.Diagnostic {
  const start = Math.min(Math.max((diagnostic.start ?? 0) - PREFIX_LENGTH, 0), file.text.length);
  const length = Math.min(diagnostic.length ?? 0, file.text.length - start);
  const relatedInformation = diagnostic.relatedInformation?.filter((related) => related.file !== diagnostic.file);
  return { ...diagnostic, file, start, length, relatedInformation };
}
