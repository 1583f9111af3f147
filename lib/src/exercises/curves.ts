/** Checks of loss curves: a number per step. */

/** The mean; NaN of nothing. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Where a curve has come to by a step: the mean of the steps before it, for one batch is no measure. */
export const lossBy = (losses: readonly number[], step: number, over = 100): number =>
  meanOf(losses.slice(Math.max(0, step - over), step));

/** Where a curve ends. */
export const lastLoss = (losses: readonly number[]): number => lossBy(losses, losses.length);

/** The entry of which a number is least; what isn't a number is greater than all. */
export function leastBy<T>(entries: readonly T[], numberOf: (entry: T) => number): T | undefined {
  const key = (entry: T) => {
    const value = numberOf(entry);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  return [...entries].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)))[0];
}

/** By how much a curve jumps from one step to the next on average, in its second half: by then it hardly falls any more. */
export function roughness(losses: readonly number[]): number {
  const half = losses.slice(losses.length >> 1);
  return meanOf(half.slice(1).map((loss, i) => Math.abs(loss - half[i]!)));
}
