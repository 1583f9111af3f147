/** The compiler's objections to a cell, in the form in which the compiler itself prints them. */
import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
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

/**
 * The error for a cell that tslab refused.
 *
 * @param diagnostics all that the compiler objects to
 * @param refused the places of what tslab takes for an error: of the others some are no errors in a notebook
 */
export function typeScriptError(
  diagnostics: readonly TypeScript.Diagnostic[],
  refused: readonly { readonly code: number; readonly messageText: string }[],
  cell: { readonly source: string; readonly name: string; readonly fileName: string },
): TypeScriptError {
  const text = ts.createSourceFile(cell.name, cell.source, ts.ScriptTarget.Latest);
  const ofCell = diagnostics
    .filter((diagnostic) => refused.some(({ code }) => code === diagnostic.code))
    .map((diagnostic) => (diagnostic.file?.fileName === cell.fileName ? inCell(diagnostic, text) : diagnostic));
  const host: TypeScript.FormatDiagnosticsHost = {
    getCurrentDirectory: () => path.dirname(cell.fileName),
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
  const shown = ofCell.slice(0, SHOWN);
  const more = ofCell.length > SHOWN ? `\n\n… and ${ofCell.length - SHOWN} more errors` : '';
  const plain = ts.formatDiagnostics(shown, host).trim();
  const fallback = refused.map(({ code, messageText }) => `error TS${code}: ${messageText}`).join('\n');
  return new TypeScriptError(
    plain || fallback,
    (ts.formatDiagnosticsWithColorAndContext(shown, host).trim() || fallback) + more,
  );
}

/** A diagnostic whose places are the cell's, without what tslab adds before and after its text. */
function inCell(diagnostic: TypeScript.Diagnostic, file: TypeScript.SourceFile): TypeScript.Diagnostic {
  const start = Math.min(Math.max((diagnostic.start ?? 0) - PREFIX_LENGTH, 0), file.text.length);
  const length = Math.min(diagnostic.length ?? 0, file.text.length - start);
  const relatedInformation = diagnostic.relatedInformation?.filter((related) => related.file !== diagnostic.file);
  return { ...diagnostic, file, start, length, relatedInformation };
}
