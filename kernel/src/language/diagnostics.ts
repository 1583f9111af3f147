/** Formats the compiler's errors for a cell in the compiler's own format. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { boldForColors } from '../ansi';
import { isUnderDevelopment, packageOf } from '../projectFiles';
import { ts } from './compiler';
import { PREFIX } from './service';
import { TypeScriptError } from './typeScriptError';
import { ADVICE, runFirst } from './unknownNames';

/** The maximal number of errors shown: with more, the first ones have usually caused the others. */
const SHOWN = 8;

/** A cell that doesn't compile. */
interface Refused {
  readonly source: string;
  readonly name: string;
  readonly fileName: string;
  /** Whether no earlier cell has declared anything. */
  readonly isFirst: boolean;
  /** The names disposed of by `using`, each with its cell. */
  readonly disposed: ReadonlyMap<string, string>;
}

/** The error codes of undeclared names, and of parameters whose types depend on one. */
const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2580, 2581, 2582, 2584, 2592, 2593, 2663, 18004]);
const IMPLIED = new Set([7005, 7006, 7031, 7034, 7053]);
const isImplied = (code: number) => IMPLIED.has(code) || (code >= 4000 && code < 4200); // also for a cell's exports

/** The name that an error is about. */
const nameOf = ({ file, start = 0, length }: TypeScript.Diagnostic) => file?.text.substr(start, length ?? 0) ?? '';

/**
 * The error for a cell that tslab rejected.
 *
 * @param diagnostics all of the compiler's errors
 * @param refused the places of what tslab considers errors; some of the others aren't errors in a notebook
 */
export function typeScriptError(
  diagnostics: readonly TypeScript.Diagnostic[],
  refused: readonly { readonly code: number; readonly messageText: string }[],
  cell: Refused,
): TypeScriptError {
  const text = ts.createSourceFile(cell.name, cell.source, ts.ScriptTarget.Latest);
  const ofCell = diagnostics
    .filter((diagnostic) => refused.some(({ code }) => code === diagnostic.code))
    .map((diagnostic) => (diagnostic.file?.fileName === cell.fileName ? inCell(diagnostic, text) : diagnostic))
    .map((diagnostic) => withDisposal(diagnostic, cell.disposed));
  const directory = path.dirname(cell.fileName);
  const own = host(directory);
  const unknown = ofCell.filter((each) => UNKNOWN_NAME.has(each.code) && !cell.disposed.has(nameOf(each)));
  const first = unknown.length > 0 && runFirst([...new Set(unknown.map(nameOf))], cell);
  if (first) {
    const others = ofCell.filter(
      (each) => !(UNKNOWN_NAME.has(each.code) && first.names.has(nameOf(each))) && !isImplied(each.code),
    );
    const report = inContext(others.slice(0, SHOWN), own).trim();
    return new TypeScriptError(first.advice, [first.advice, report].filter(Boolean).join('\n\n'));
  }
  const shown = ofCell.slice(0, SHOWN);
  const more =
    (ofCell.length > SHOWN ? `\n\n… and ${ofCell.length - SHOWN} more errors` : '') +
    (cell.isFirst && unknown.length > 0 ? `\n\n${ADVICE[0]?.toUpperCase()}${ADVICE.slice(1)}.` : '');
  const plain = ts.formatDiagnostics(shown, own).trim();
  const fallback = refused.map(({ code, messageText }) => `error TS${code}: ${messageText}`).join('\n');
  return new TypeScriptError(plain || fallback, (inContext(shown, own).trim() || fallback) + more);
}

/** An error about a name that a cell declared with `using`, with a note that it was disposed of. */
function withDisposal(diagnostic: TypeScript.Diagnostic, disposed: ReadonlyMap<string, string>): TypeScript.Diagnostic {
  const name = nameOf(diagnostic);
  const cell = disposed.get(name);
  if (cell === undefined || !UNKNOWN_NAME.has(diagnostic.code)) return diagnostic;
  const messageText = `${name} was disposed of at the end of ${cell}, which declared it with using. For all cells, declare it with const.`;
  return { ...diagnostic, messageText };
}

/**
 * The compiler's errors in imported modules, or ''. The notebook only prints them: they concern the module's project.
 */
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
  return ofModules.length > 0 ? inContext(ofModules.slice(0, SHOWN), host(directory)) : '';
}

/** Formats errors with their source lines. */
function inContext(diagnostics: readonly TypeScript.Diagnostic[], own: TypeScript.FormatDiagnosticsHost): string {
  return boldForColors(ts.formatDiagnosticsWithColorAndContext(diagnostics, own));
}

function host(directory: string): TypeScript.FormatDiagnosticsHost {
  return {
    getCurrentDirectory: () => directory,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
}

/** The error for a module with syntax errors. */
export function syntaxError(diagnostics: readonly TypeScript.Diagnostic[]): TypeScriptError {
  const own = host(process.cwd());
  return new TypeScriptError(ts.formatDiagnostics(diagnostics, own).trim(), inContext(diagnostics, own).trim());
}

/** Maps a diagnostic to the cell, without the text that tslab adds before and after. */
function inCell(diagnostic: TypeScript.Diagnostic, file: TypeScript.SourceFile): TypeScript.Diagnostic {
  const start = Math.min(Math.max((diagnostic.start ?? 0) - PREFIX.length, 0), file.text.length);
  const length = Math.min(diagnostic.length ?? 0, file.text.length - start);
  // Related places in the cell would be shifted by tslab's additions, and those in declarations lie in internal files.
  const relatedInformation = diagnostic.relatedInformation?.filter(
    (related) => related.file !== diagnostic.file && !related.file?.isDeclarationFile,
  );
  return { ...diagnostic, file, start, length, relatedInformation, messageText: readable(diagnostic.messageText) };
}

/** A message that names types by their packages instead of file paths. */
function readable(message: string | TypeScript.DiagnosticMessageChain): string | TypeScript.DiagnosticMessageChain {
  if (typeof message === 'string') return withNode(withPackages(message));
  const next = message.next?.map((each) => readable(each) as TypeScript.DiagnosticMessageChain);
  return { ...message, messageText: withNode(withPackages(message.messageText)), next };
}

const withPackages = (text: string) =>
  text.replaceAll(/\bimport\("([^"]*[\\/][^"]*)"\)/g, (whole, file: string) => {
    const name = path.isAbsolute(file) ? packageName(file) : undefined;
    return name ? `import("${name}")` : whole;
  });

/** Replaces advice about compiler options, which a cell can't change, by what applies to cells. */
const withNode = (text: string) =>
  text
    .replace(
      /Do you need to change your target library\? Try changing the 'lib' compiler option to '?(\w+)'? or later\.$/,
      (_, version: string) =>
        `It belongs to a part of ${version.replace('es', 'ES').replace('next', 'Next')} that this Node (${process.version}) doesn't have.`,
    )
    .replace(
      "Do you need to change your target library? Try changing the 'lib' compiler option to include 'dom'.",
      'Pages have it; cells run in Node.',
    );

/** The name of the package that contains a file; undefined for files of the notebook's own project. */
function packageName(file: string): string | undefined {
  try {
    const folder = packageOf(path.normalize(file));
    if (folder === packageOf(path.join(process.cwd(), 'cell.ts'))) return undefined;
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).name;
  } catch {
    return undefined;
  }
}
