/** The compiler's objections to a cell, in the form in which the compiler itself prints them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { boldForColors } from '../ansi';
import { isUnderDevelopment, packageOf } from '../projectFiles';
import { ts } from './compiler';
import { PREFIX } from './service';
import { TypeScriptError } from './typeScriptError';
import { ADVICE, runFirst } from './unknownNames';

/** So many objections are shown: where there are more, the first have caused the others. */
const SHOWN = 8;

/** A cell that doesn't compile. */
interface Refused {
  readonly source: string;
  readonly name: string;
  readonly fileName: string;
  /** Whether no cell has declared anything before it. */
  readonly isFirst: boolean;
  /** The cells that have disposed of something, by its name. */
  readonly disposed: ReadonlyMap<string, string>;
}

/** What the compiler says of a name that nothing declares, and of a parameter whose type depends on one. */
const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2580, 2581, 2582, 2584, 2592, 2593, 2663, 18004]);
const IMPLIED = new Set([7005, 7006, 7031, 7034, 7053]);
const isImplied = (code: number) => IMPLIED.has(code) || (code >= 4000 && code < 4200); // of what a cell exports, too

/** The name that an objection is about. */
const nameOf = ({ file, start = 0, length }: TypeScript.Diagnostic) => file?.text.substr(start, length ?? 0) ?? '';

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

/** An objection to a name that a cell has declared with `using`, with what became of that. */
function withDisposal(diagnostic: TypeScript.Diagnostic, disposed: ReadonlyMap<string, string>): TypeScript.Diagnostic {
  const name = nameOf(diagnostic);
  const cell = disposed.get(name);
  if (cell === undefined || !UNKNOWN_NAME.has(diagnostic.code)) return diagnostic;
  const messageText = `${name} was disposed of at the end of ${cell}, which declared it with using. For all cells, declare it with const.`;
  return { ...diagnostic, messageText };
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
  return ofModules.length > 0 ? inContext(ofModules.slice(0, SHOWN), host(directory)) : '';
}

/** With the lines that they are about. */
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

/** The error for a module that can't be parsed. */
export function syntaxError(diagnostics: readonly TypeScript.Diagnostic[]): TypeScriptError {
  const own = host(process.cwd());
  return new TypeScriptError(ts.formatDiagnostics(diagnostics, own).trim(), inContext(diagnostics, own).trim());
}

/** A diagnostic whose places are the cell's, without what tslab adds before and after its text. */
function inCell(diagnostic: TypeScript.Diagnostic, file: TypeScript.SourceFile): TypeScript.Diagnostic {
  const start = Math.min(Math.max((diagnostic.start ?? 0) - PREFIX.length, 0), file.text.length);
  const length = Math.min(diagnostic.length ?? 0, file.text.length - start);
  // Other places of the cell are wrong by what tslab adds; those in declarations lie in folders that no reader knows.
  const relatedInformation = diagnostic.relatedInformation?.filter(
    (related) => related.file !== diagnostic.file && !related.file?.isDeclarationFile,
  );
  return { ...diagnostic, file, start, length, relatedInformation, messageText: readable(diagnostic.messageText) };
}

/** A message in which types are named by the packages that they are of, and not by the files. */
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

/** A message with what is true of a cell in the place of advice on the compiler's options, which cells have by the Node that runs them. */
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

/** The name of the package that a file is of, where it isn't one of the notebook's own project. */
function packageName(file: string): string | undefined {
  try {
    const folder = packageOf(path.normalize(file));
    if (folder === packageOf(path.join(process.cwd(), 'cell.ts'))) return undefined;
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).name;
  } catch {
    return undefined;
  }
}
