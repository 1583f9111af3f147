/** Formats numbers in observations. */

/** A number with three significant digits, with thousands separators. */
export const told = (value: number): string =>
  Math.abs(value) < 1e6
    ? Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 20 })
    : value.toExponential(2);

/** A count or a step, with thousands separators. */
export const counted = (value: number): string => value.toLocaleString('en');
