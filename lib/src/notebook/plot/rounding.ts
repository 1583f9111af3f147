/** Fewer digits, so that figures are small. */

/** A function that rounds to as many decimals as tell steps of this size apart, as exactly as a hundredth of one. */
export function roundedFor(step: number): (value: number) => number {
  const decimals = Math.max(0, Math.min(100, 2 - Math.floor(Math.log10(step))));
  return (value) => Number(value.toFixed(decimals));
}
