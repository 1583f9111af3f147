/** How numbers are told. */

/** A number to three digits, a large one with its thousands parted. */
export const told = (value: number): string =>
  Math.abs(value) < 1e6
    ? Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 20 })
    : value.toExponential(2);

/** A count or a step, with its thousands parted. */
export const counted = (value: number): string => value.toLocaleString('en');
