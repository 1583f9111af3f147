/** Checks of loss curves: a number per step. */

/** The mean; NaN for an empty list. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The loss around a step: the mean over the steps before it, since a single batch is too noisy. */
export const lossBy = (losses: readonly number[], step: number, over = 100): number =>
  meanOf(losses.slice(Math.max(0, step - over), step));

/** The loss at a curve's end. */
export const lastLoss = (losses: readonly number[]): number => lossBy(losses, losses.length);

/** The entry with the smallest number; NaN counts as larger than any number. */
export function leastBy<T>(entries: readonly T[], numberOf: (entry: T) => number): T | undefined {
  const key = (entry: T) => {
    const value = numberOf(entry);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  return [...entries].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)))[0];
}

/** The mean change from step to step in a curve's second half, where it hardly falls any more. */
export function roughness(losses: readonly number[]): number {
  const half = losses.slice(losses.length >> 1);
  return meanOf(half.slice(1).map((loss, i) => Math.abs(loss - half[i]!)));
}
