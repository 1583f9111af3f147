/** Formats the error of a failed cell. */
import path from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';
import { bold, dim } from '../ansi';
import { TypeScriptError } from '../language/typeScriptError';
import { asWritten, type Frame, type StackTraces } from './stack';

/** An error as in Jupyter's protocol. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  /** Lines with ANSI codes for bold and dim. */
  readonly traceback: readonly string[];
}

/** Lines of context shown around a place in a cell. */
const CONTEXT = 2;
/** The maximal number of frames shown outside of cells. */
const FOREIGN_FRAMES = 8;
/** The maximal depth of `cause` chains. */
const CAUSES = 5;
/** The maximal number of errors shown of an aggregate. */
const PARTS = 10;

/**
 * Formats a thrown value.
 *
 * @param cell the cell that failed
 */
export function reportError(error: unknown, stacks: StackTraces, cell?: string): ErrorReport {
  const { ename, evalue, traceback } = report(error, stacks, cell);
  return { ename, evalue: shortened(evalue), traceback: traceback.map(shortened) };
}

/**
 * The text of an error that is a cell's value and wasn't thrown: its message and its place in cells, without the
 * library's frames in between. Undefined if no cell is in its stack, or if it contains other errors.
 */
export function textOfError(error: unknown, stacks: StackTraces, cell: string): string | undefined {
  if (!isError(error) || error.cause !== undefined || partsOf(error).length > 0) return;
  const frames = stacks.framesOf(error).filter(({ file }) => stacks.isCell(file));
  const places = [frames.find(({ file }) => file === cell), frames[0]].filter((place) => place !== undefined);
  if (places.length === 0) return;
  const excerpts = [...new Set(places)].flatMap((place) => ['', ...excerpt(place, stacks.sourceOf(place.file))]);
  const lines = [`${error.name}: ${messageOf(error, stacks)}`, ...excerpts, '', ...frames.map(describe)];
  return stripVTControlCharacters(shortened(lines.join('\n')));
}

/** Limits for messages and lines of code: characters per line, and lines. */
const MAX_LINE = 2_000;
const MAX_LINES = 500;

function shortened(text: string): string {
  if (text.length <= MAX_LINE) return text;
  const lines = text.split('\n');
  const left = lines.length - MAX_LINES;
  return [
    ...lines.slice(0, MAX_LINES).map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line)),
    ...(left > 0 ? [`… ${left} more lines`] : []),
  ].join('\n');
}

function report(error: unknown, stacks: StackTraces, cell: string | undefined): ErrorReport {
  if (error instanceof TypeScriptError) return { ename: error.name, evalue: error.message, traceback: [error.report] };
  if (!isError(error)) {
    const evalue = typeof error === 'string' ? error : inspect(error, { depth: 2 });
    return { ename: 'Error', evalue, traceback: [bold(`thrown: ${evalue}`)] };
  }
  return { ename: String(error.name), evalue: messageOf(error, stacks), traceback: traceback(error, stacks, cell) };
}

/** An error's message, with variable names as written in cells. */
function messageOf(error: Error, stacks: StackTraces): string {
  const message = String(error.message);
  return stacks.framesOf(error)[0] ? asWritten(String(error.name), message) : message;
}

/** Whether a value is an error, including those of other realms. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function traceback(error: Error, stacks: StackTraces, cell: string | undefined, depth = 0): string[] {
  const frames = stacks.framesOf(error);
  const place = frames.find(({ file }) => stacks.isCell(file));
  // The failing code may be another cell's; show the calling line of this cell first.
  const call = frames.find(({ file }) => file === cell) ?? place;
  const lines = [`${bold(String(error.name))}: ${messageOf(error, stacks)}`];
  const show = (frame: Frame) => lines.push('', ...excerpt(frame, stacks.sourceOf(frame.file)));
  if (call) show(call);
  if (place && place.file !== call?.file) show(place);
  if (frames.length > 0) lines.push('', ...shownFrames(frames, stacks));
  if (depth < CAUSES) {
    if (isError(error.cause)) lines.push('', 'caused by', ...traceback(error.cause, stacks, cell, depth + 1));
    const parts = partsOf(error);
    for (const each of parts.slice(0, PARTS))
      lines.push('', 'one of them', ...traceback(each, stacks, cell, depth + 1));
    if (parts.length > PARTS) lines.push('', `and ${parts.length - PARTS} more`);
  }
  return lines;
}

/**
 * The errors contained in an error: those of an `AggregateError`; for a `SuppressedError`, the original and the one of
 * the disposal.
 */
function partsOf(error: Error): Error[] {
  const { errors, suppressed, error: last } = error as { errors?: unknown; suppressed?: unknown; error?: unknown };
  const parts = error.name === 'SuppressedError' ? [suppressed, last] : Array.isArray(errors) ? errors : [];
  return parts.filter(isError);
}

/** All frames in cells, and the innermost of the others. */
function shownFrames(frames: readonly Frame[], stacks: StackTraces): string[] {
  const lines: string[] = [];
  let foreign = 0;
  for (const frame of frames) {
    if (stacks.isCell(frame.file) || ++foreign <= FOREIGN_FRAMES) lines.push(describe(frame));
    else if (foreign === FOREIGN_FRAMES + 1) lines.push(dim('    …'));
  }
  return lines;
}

function describe({ name, file, line, column }: Frame): string {
  const place = `${readable(file)}:${line}:${column}`;
  return dim(name ? `    at ${name} (${place})` : `    at ${place}`);
}

/** A file relative to the notebook's folder, if that is shorter. */
function readable(file: string): string {
  if (!path.isAbsolute(file)) return file;
  const relative = path.relative(process.cwd(), file);
  return relative.length < file.length ? relative : file;
}

/** The lines of a cell around a place, with that line marked. */
function excerpt({ file, line, column }: Frame, source = ''): string[] {
  const lines = source.split('\n');
  const first = Math.max(line - CONTEXT, 1);
  const last = Math.min(line + CONTEXT, lines.length);
  const width = String(last).length;
  const shown = [`${file}:${line}:${column}`];
  for (let number = first; number <= last; number++) {
    const text = `${String(number).padStart(width + 2)} │ ${lines[number - 1]}`;
    if (number !== line) shown.push(dim(text));
    else
      shown.push(
        `${bold('>')}${text.slice(1)}`,
        `${' '.repeat(width + 2)} ${dim('│')} ${' '.repeat(column - 1)}${bold('^')}`,
      );
  }
  return shown;
}
