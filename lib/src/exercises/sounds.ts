/** Checks of sounds. */
import { meanOf } from './curves';

/**
 * The pitch of each note of a melody whose notes are equally long, in periods a sample: by how often the sound passes through zero.
 *
 * @param notes how many there are
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

/** How well two rows of numbers go together: 1 where one is a rising line of the other, 0 where they have nothing to do with each other. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}
