/** How a failed cell is told to its reader. */
import path from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';
import { bold, dim } from '../ansi';
import { TypeScriptError } from '../language/typeScriptError';
import { asWritten, type Frame, type StackTraces } from './stack';

/** An error as the Jupyter protocol has it. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  /** Lines, of which ANSI's codes make parts bold or dim. */
  readonly traceback: readonly string[];
}

/** The lines of a cell around a place that are shown. */
const CONTEXT = 2;
/** Of the frames outside of cells so many are shown. */
const FOREIGN_FRAMES = 8;
/** Causes are followed this deep. */
const CAUSES = 5;
/** Of errors that are one together, so many are shown. */
const PARTS = 10;

/**
 * The report of whatever was thrown.
 *
 * @param cell the cell that failed
 */
export function reportError(error: unknown, stacks: StackTraces, cell?: string): ErrorReport {
  const { ename, evalue, traceback } = report(error, stacks, cell);
  return { ename, evalue: shortened(evalue), traceback: traceback.map(shortened) };
}

/**
 * An error that is a cell's value and wasn't thrown: its message, and where in cells it came to be; what lies between, the library's own
 * functions, tells a reader nothing. Undefined where no cell had a part in it, and of an error that has others in it.
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

/** A page gets no text without end in an error either, be it a message or a line of code: so many characters of a line, and so many lines. */
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

/** The message of an error, with names as the cell has them. */
function messageOf(error: Error, stacks: StackTraces): string {
  const message = String(error.message);
  return stacks.framesOf(error)[0] ? asWritten(String(error.name), message) : message;
}

/** Errors of other realms are errors, too. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function traceback(error: Error, stacks: StackTraces, cell: string | undefined, depth = 0): string[] {
  const frames = stacks.framesOf(error);
  const place = frames.find(({ file }) => stacks.isCell(file));
  // What failed may be another cell's: a reader looks first for what this one did.
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

/** The errors that one stands for: those of an `AggregateError`, and of a `SuppressedError` the one that came first and the disposal's. */
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

/** A file as seen from the notebook's folder, where that is shorter than its whole path. */
function readable(file: string): string {
  if (!path.isAbsolute(file)) return file;
  const relative = path.relative(process.cwd(), file);
  return relative.length < file.length ? relative : file;
}

/** The lines of the cell around a place, that one marked. */
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
