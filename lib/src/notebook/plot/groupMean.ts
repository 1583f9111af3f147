/** The mean of a group of runs. */
import type { ScalarEvent } from '../../tf/summary';

/**
 * The mean of several runs, at the steps for which all of them have a value: otherwise, it would jump where one of them
 * ends.
 *
 * @returns undefined for fewer than two runs, or fewer than two common steps
 */
export function groupMean(runs: readonly (readonly ScalarEvent[])[]): ScalarEvent[] {
  if (runs.length < 2) return [];
  const others = runs.slice(1).map((events) => new Map(events.map(({ step, value }) => [step, value])));
  const means = runs[0]!.flatMap((event) => {
    const values = [event.value, ...others.flatMap((run) => run.get(event.step) ?? [])];
    const value = values.reduce((sum, one) => sum + one, 0) / runs.length;
    return values.length === runs.length ? [{ ...event, value }] : [];
  });
  return means.length > 1 ? means : [];
}
