/** Checks of sounds. */
import { meanOf } from './curves';

/**
 * The pitch of each note of a melody with notes of equal length, in periods per sample, from the zero crossings.
 *
 * @param notes the number of notes
 */
export function pitches(samples: ArrayLike<number>, notes: number): number[] {
  const length = Math.floor(samples.length / notes);
  return Array.from({ length: notes }, (_, note) => {
    let crossings = 0;
    for (let i = note * length + 1; i < (note + 1) * length; i++)
      if (samples[i]! < 0 !== samples[i - 1]! < 0) crossings++;
    return crossings / 2 / length;
  });
}

/**
 * The correlation of two sequences: 1 if one is an increasing linear function of the other, 0 if they are unrelated.
 */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}
