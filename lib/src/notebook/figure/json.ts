/** JSON for pages: compact, and safe inside a `<script>`. */

/** The digits of a float32; more would be noise of its conversion. */
const DIGITS = 7;

/**
 * `value` as JSON: fractions rounded to float32 precision, typed arrays as arrays, NaN and infinity as null, and
 * without characters that would end or break the surrounding `<script>`.
 */
export function pageJson(value: unknown): string {
  return JSON.stringify(value, shorten)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function shorten(_key: string, value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  if (typeof value === 'bigint') return Number(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>);
  return value;
}
