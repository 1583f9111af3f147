/** JSON for pages: short, and safe within a `<script>`. */

/** As many digits as a float32 has; more are noise of its conversion. */
const DIGITS = 7;

/**
 * `value` as JSON: fractions rounded to what a float32 holds, typed arrays as arrays, what is no number (NaN, infinity) as
 * null, and no character that would end or break the `<script>` around it.
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
