// In a process of its own: it works in another folder.
/** Wrong answers to the exercises, each with what is said of it, and right ones. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporaryFolder';
import { type ExerciseEffects, exercise } from '.';

const folder = temporaryFolder('exercises-');
const home = process.cwd();
beforeEach(() => process.chdir(folder()));
afterEach(() => process.chdir(home));

describe('the exercise on the learning rate', () => {
  /** A curve that falls from 2.3 by a part of itself each step. */
  const falling = (learningRate: number, share: number, to = 0) => ({
    learningRate,
    losses: Array.from({ length: 600 }, (_, step) => to + (2.3 - to) * (1 - share) ** step),
  });
  const trainings = [falling(0.01, 0.002), falling(0.1, 0.01), falling(1, 0.05, 0.3), falling(10, 0)];
  const check = (changes: Partial<ExerciseEffects['101-learning-rate']>) =>
    exercise('101-learning-rate', { trainings, best: 0.1, bestOf200: 1, ...changes }).missing;

  it('is solved by trainings one of which fails, and by what they show', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['no training', { trainings: [] }, /four different rates/],
    ['the same rate four times', { trainings: Array(4).fill(trainings[0]) }, /four different rates/],
    ['trainings that all learn', { trainings: [...trainings.slice(0, 3), falling(2, 0.1)] }, /also 2\. Find a rate/],
    ['the best for few steps as the best', { best: 1 }, /^`best` is 1, and/],
    ['the best as the best for few steps', { bestOf200: 0.1 }, /^`bestOf200` is 0\.1, and/],
    ['no choice', { best: undefined }, /^`best` is undefined/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});
