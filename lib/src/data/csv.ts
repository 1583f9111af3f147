/**
 * Reads CSV files: columns of text, separated by commas or another character. Papa Parse splits the text; this module
 * converts the fields and reports the line of an error.
 */

import type { ParseError } from 'papaparse';
import { checkArray, checkObject, checkText, shown } from '../runtime/arguments';
import type { HostDType } from '../runtime/dtypes';
import { withContext } from '../runtime/errorContext';
import { InvalidArgumentError } from '../runtime/errors';
import { checkHostDType, type HostArray } from '../runtime/hostArray';
import { didYouMean } from '../runtime/nearest';
import { onlyOptions } from '../runtime/options';
import { type Element, elementForMissing, fieldReader, wantedOf } from './cells';
import { classNumberer, expectedClass } from './classNumbers';
import { GrowingArray } from './growingArray';
import { afterComments, lineOf, readUtf8, withOneNewline } from './textFile';

/** Options of a column for {@link readCsv}. */
export interface CsvColumnOptions<D extends HostDType = HostDType> {
  /**
   * The dtype of the elements.
   *
   * @defaultValue `float32`, or `int32` if `classes` are given
   */
  dtype?: D;
  /**
   * The file's column, or several columns, which form the rows of a matrix.
   *
   * @defaultValue the file's column of the same name
   */
  from?: string | readonly string[];
  /**
   * The names of classes: a text is converted to the index of its class.
   *
   * @defaultValue none: the column contains values of its dtype
   */
  classes?: readonly string[];
  /**
   * The replacement for missing values.
   *
   * @defaultValue nothing: a missing value is an error
   */
  ifMissing?: number | bigint | boolean | string;
}

/** A column to read: a dtype, a list of file columns that form a `float32` matrix, or options. */
export type CsvColumn = HostDType | readonly string[] | CsvColumnOptions;

/** The array that results from a {@link CsvColumn}. */
export type CsvArray<T> = T extends HostDType
  ? HostArray<T>
  : T extends { classes: readonly string[] }
    ? HostArray<'int32'>
    : T extends { dtype: infer D extends HostDType }
      ? HostArray<D>
      : HostArray<'float32'>;

/** Options of {@link readCsv}. */
export interface ReadCsvOptions {
  /**
   * The names of the file's columns, for a file without a header line.
   *
   * @defaultValue the first line contains them
   */
  names?: readonly string[];
  /**
   * The character between fields.
   *
   * @defaultValue `,`
   */
  delimiter?: string;
  /**
   * The character around fields that contain delimiters or line breaks; it is escaped by doubling it.
   *
   * @defaultValue `"`
   */
  quote?: string;
  /**
   * The beginning of comment lines, which are skipped.
   *
   * @defaultValue nothing: there are no comment lines
   */
  comment?: string;
  /**
   * Texts that mean a missing value, such as `NA` or `?`, in addition to an empty field.
   *
   * @defaultValue none
   */
  missing?: readonly string[];
}

/**
 * Reads columns of a CSV file, with types that follow from `columns`. The file is UTF-8, gzipped or not, with any kind
 * of line endings; empty lines are skipped. If a field isn't what its column requires, the error names file, line and
 * column: `iris.csv:17: column petal_width: expected a number, got 'abc'`.
 *
 * An empty field is a missing value, which is an error unless `ifMissing` provides a replacement. In a `string` column
 * without `ifMissing`, it is the empty string.
 *
 * @param columns what to read, by the name of the result: a dtype reads the file's column of that name, a list of names
 * makes a `float32` matrix `[examples, names]`, and options allow more. Other columns of the file are ignored
 * @returns arrays `[examples]` or `[examples, columns]`, for `new data.DataSet(columns)`
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when a field isn't what its column requires, a line has more or fewer fields than
 * others, a quote isn't closed, a column is missing or duplicated, or the file isn't UTF-8
 *
 * @example
 * const columns = await data.readCsv('iris.csv', {
 *   features: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'],
 *   species: { classes: ['setosa', 'versicolor', 'virginica'] },
 * });
 * const flowers = new data.DataSet(columns, { seed: 1 });
 * const { features, species } = flowers.nextBatch(10); // HostArray<'float32'> [10, 4], HostArray<'int32'> [10]
 */
export async function readCsv<T extends Readonly<Record<string, CsvColumn>>>(
  path: string,
  columns: T,
  options: ReadCsvOptions = {},
): Promise<{ -readonly [K in keyof T]: CsvArray<T[K]> }> {
  const how = checkOptions(options);
  checkObject('what is read of a CSV file', columns);
  const wanted = Object.entries(columns).map(([name, column]) => wantedColumn(name, column, how.missing));
  if (wanted.length === 0)
    throw new InvalidArgumentError("expected columns to read, such as { price: 'float32' }, got none");
  await fill(wanted, await readUtf8(path), path, how);
  const arrays = wanted.map((column): [string, HostArray] => [column.name, arrayOf(column)]);
  return Object.fromEntries(arrays) as { [K in keyof T]: CsvArray<T[K]> };
}

type How = Required<Pick<ReadCsvOptions, 'delimiter' | 'quote' | 'missing'>> &
  Pick<ReadCsvOptions, 'names' | 'comment'>;

function checkOptions(options: ReadCsvOptions): How {
  const {
    names,
    delimiter = ',',
    quote = '"',
    comment,
    missing = [],
  } = onlyOptions(options, {
    names: 'array',
    delimiter: 'string',
    quote: 'string',
    comment: 'string',
    missing: 'array',
  });
  if (names !== undefined) checkArray('names of columns', names);
  checkArray('texts that stand for a missing value', missing);
  checkText('the delimiter', delimiter);
  if (delimiter === '' || /[\r\n"\ufeff]/.test(delimiter) || delimiter === quote)
    throw new InvalidArgumentError(`expected a delimiter such as ',' or ';', got ${shown(delimiter)}`);
  if (typeof quote !== 'string' || quote.length !== 1)
    throw new InvalidArgumentError(`expected one character as a quote, got ${shown(quote)}`);
  if (comment !== undefined) checkText('the beginning of comments', comment);
  if (comment === delimiter)
    throw new InvalidArgumentError(`expected another beginning of comments than the delimiter, ${shown(delimiter)}`);
  return { delimiter, quote, missing, ...(names && { names }), ...(comment && { comment }) };
}

/** A column to read, and the elements read so far. */
interface WantedColumn {
  readonly name: string;
  readonly dtype: HostDType;
  /** The names of the file's columns. */
  readonly from: readonly string[];
  /** Whether an example is a row of a matrix. */
  readonly isMatrix: boolean;
  /** Their positions among the fields of a line. */
  places: readonly number[];
  readonly isMissing: (text: string) => boolean;
  /** The replacement for missing values. */
  readonly ifMissing: Element | undefined;
  readonly read: (text: string) => Element | undefined;
  /** Describes, for a text that `read` rejects, what was expected and what was found. */
  readonly misfit: (text: string) => string;
  readonly values: GrowingArray;
}

function wantedColumn(name: string, given: CsvColumn, missing: readonly string[]): WantedColumn {
  try {
    const options = optionsOf(given);
    const { from = name, classes, ifMissing } = options;
    const dtype = options.dtype ?? (classes ? 'int32' : 'float32');
    checkHostDType(dtype);
    if (classes && options.dtype !== undefined)
      throw new InvalidArgumentError('expected a dtype or classes, whose numbers are int32, got both');
    const names = typeof from === 'string' ? [from] : from;
    checkArray('names of columns', names);
    for (const column of names) checkText('the name of a column', column);
    if (names.length === 0) throw new InvalidArgumentError("expected names of the file's columns, got none");
    const takesEmpty = dtype === 'string' && ifMissing === undefined;
    return {
      name,
      dtype,
      from: names,
      isMatrix: typeof from !== 'string',
      places: [],
      isMissing: (text) => (text === '' ? !takesEmpty : missing.length > 0 && missing.includes(text)),
      ifMissing: elementForMissing(ifMissing, dtype),
      ...(classes ? classReader(classes) : dtypeReader(dtype)),
      values: new GrowingArray(dtype),
    };
  } catch (error) {
    throw withContext(error, (message) => `column ${name}: ${message}`);
  }
}

function optionsOf(given: CsvColumn): CsvColumnOptions {
  if (typeof given === 'string') return { dtype: given };
  if (Array.isArray(given)) return { from: given };
  return onlyOptions(given as CsvColumnOptions, { dtype: 'string', from: 'any', classes: 'array', ifMissing: 'any' });
}

function dtypeReader(dtype: HostDType): Pick<WantedColumn, 'read' | 'misfit'> {
  return { read: fieldReader(dtype), misfit: (text) => `expected ${wantedOf(dtype, text)}, got ${excerpt(text)}` };
}

function classReader(classes: readonly string[]): Pick<WantedColumn, 'read' | 'misfit'> {
  const numberOf = classNumberer(classes);
  return { read: (text) => numberOf(text.trim()), misfit: (text) => expectedClass(classes, text.trim()) };
}

/** Reads the fields of a file into the columns. */
async function fill(columns: readonly WantedColumn[], text: string, path: string, how: How): Promise<void> {
  const { default: papa } = await import('papaparse');
  const { newline, lines } = withOneNewline(text);
  const fail = (at: number, what: string): InvalidArgumentError =>
    new InvalidArgumentError(`${path}:${lineOf(lines, at, newline)}: ${what}`);
  let names = how.names;
  let end = 0;
  if (names) findPlaces(columns, names, (what) => new InvalidArgumentError(`${path}: ${what}`));
  papa.parse<string[]>(lines, {
    delimiter: how.delimiter,
    quoteChar: how.quote,
    newline,
    ...(how.comment !== undefined && { comments: how.comment }),
    step: ({ data: fields, errors: [error], meta }) => {
      const begin = how.comment === undefined ? end : afterComments(lines, end, newline, how.comment);
      end = meta.cursor;
      if (error) throw fail(error.index ?? begin, quoteError(error, how.quote));
      if (fields.length === 1 && lines.slice(begin, end).trim() === '') return;
      if (names === undefined) {
        names = fields.map((name) => name.trim());
        findPlaces(columns, names, (what) => fail(begin, what));
      } else if (fields.length !== names.length) {
        throw fail(begin, `expected ${names.length} fields, one for each column, got ${fields.length}`);
      } else {
        for (const column of columns)
          for (const place of column.places)
            column.values.push(
              elementIn(column, fields[place]!, (what) => fail(begin, `column ${names![place]}: ${what}`)),
            );
      }
    },
  });
  if (names === undefined)
    throw new InvalidArgumentError(`${path}: expected a first line with the names of the columns, found no lines`);
}

/** The element of a field. */
function elementIn(column: WantedColumn, text: string, fail: (what: string) => InvalidArgumentError): Element {
  const isMissing = column.isMissing(text.trim());
  const element = isMissing ? column.ifMissing : column.read(text);
  if (element !== undefined) return element;
  if (!isMissing) throw fail(column.misfit(text));
  const found = text.trim() === '' ? 'there is no value' : `${excerpt(text)} stands for no value`;
  throw fail(`${found}; ifMissing says what to put there`);
}

/** Finds the positions of columns in a file. */
function findPlaces(
  columns: readonly WantedColumn[],
  names: readonly string[],
  fail: (what: string) => InvalidArgumentError,
): void {
  for (const column of columns)
    column.places = column.from.map((name) => {
      const place = names.indexOf(name);
      if (place >= 0 && place === names.lastIndexOf(name)) return place;
      if (place >= 0) throw fail(`there are two columns '${name}'`);
      const guess = didYouMean(name, names, { otherwise: `; the columns are ${names.join(', ')}` });
      throw fail(`there is no column '${name}'${guess}`);
    });
}

function arrayOf({ values, from, isMatrix }: WantedColumn): HostArray {
  const count = values.length / from.length;
  return values.toArray(isMatrix ? [count, from.length] : [count]);
}

function quoteError({ code }: ParseError, quote: string): string {
  return code === 'MissingQuotes'
    ? `a field that begins with ${quote} has no ${quote} at its end`
    : `expected the end of the field behind its second ${quote}; one within a field is written twice`;
}

/** A field for an error message; a long one is truncated. */
function excerpt(text: string): string {
  return text.length > 40 ? `${shown(text.slice(0, 40))}…` : shown(text);
}
