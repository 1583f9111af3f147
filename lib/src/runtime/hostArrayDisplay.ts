/**
 * How a notebook displays an array: a description, and a table of its elements that omits those in the middle of a
 * large array.
 */

import { isFloating } from './dtypes';
import type { HostArray } from './hostArray';
import { escapeHtml } from './html';
import type { MimeBundle } from './notebookHost';
import { shapeText } from './shapeText';

/** If a dimension has more than `MAX_SHOWN` elements, this many are shown at each end. */
const MAX_SHOWN = 10;
const EDGE = 4;
const MAX_TEXT = 16;
const ELLIPSIS = '…';
/** The digits of a float32. */
const FULL = 7;

/** The displayed forms of an array. If it has more than two dimensions, its first matrix is shown. */
export function displayHostArray(array: HostArray): MimeBundle {
  const leading = array.shape.slice(0, -2).map(() => 0);
  const which = leading.length > 0 && array.size > 0 ? `, at ${shapeText(leading)}` : '';
  const title = `HostArray ${array.dtype} ${shapeText(array.shape)}${which}`;
  const rows = array.size > 0 ? rowsOf(array, leading) : [];
  const html = rows.map((row) => `<tr>${row.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`).join('');
  return {
    'text/plain': [title, ...aligned(rows)].join('\n'),
    'text/html': `<table style="font-family:monospace"><caption style="text-align:left;caption-side:top;white-space:nowrap">${title}</caption>${html}</table>`,
  };
}

/** The elements in brackets, nested like the dimensions. */
export function arrayText(array: HostArray): string {
  const text = (indices: readonly number[]): string => {
    if (indices.length === array.rank) return elementText(array, indices, FULL);
    const items = shown(array.shape[indices.length]!).map((at) =>
      at === undefined ? ELLIPSIS : text([...indices, at]),
    );
    return `[${items.join(', ')}]`;
  };
  return text([]);
}

/** The elements of the matrix at `leading`, as texts. */
function rowsOf(array: HostArray, leading: readonly number[]): string[][] {
  const { rank, shape } = array;
  if (rank === 0) return [[elementText(array, [])]];
  const columns = shown(shape[rank - 1]!);
  const row = (indices: readonly number[]) =>
    columns.map((column) => (column === undefined ? ELLIPSIS : elementText(array, [...indices, column])));
  if (rank === 1) return [row([])];
  return shown(shape[rank - 2]!).map((at) => (at === undefined ? columns.map(() => ELLIPSIS) : row([...leading, at])));
}

/** The indices to show of a dimension, with undefined for omitted ones. */
function shown(length: number): (number | undefined)[] {
  const all = [...Array(Math.min(length, MAX_SHOWN)).keys()];
  if (length <= MAX_SHOWN) return all;
  const start = all.slice(0, EDGE);
  return [...start, undefined, ...start.map((index) => length - EDGE + index)];
}

function elementText(array: HostArray, indices: readonly number[], digits = 5): string {
  const value = array.at(...indices);
  if (array.dtype === 'float64' && digits === FULL) return `${value}`;
  if (isFloating(array.dtype)) return `${Number((value as number).toPrecision(digits))}`;
  if (!Buffer.isBuffer(value)) return `${value}`;
  const text = value.toString();
  return JSON.stringify(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}${ELLIPSIS}` : text);
}

/** Lines of right-aligned columns. */
function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((text, column) => text.padStart(widths[column]!)).join('  '));
}
