/** The mean of runs that belong together. */
import type { ScalarEvent } from '../../tf/summary';

/**
 * The mean of several runs, at the steps of which all of them have a value: elsewhere it would jump where one of them ends.
 *
 * @returns none where they are fewer than two, or have fewer than two steps in common
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
