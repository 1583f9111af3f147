import { expect, it } from 'vitest';
import { nearest } from './nearest';

const names = ['lr', 'maxIter', 'nbUnits', 'keepProb'];

it.each([
  ['maxiter', 'maxIter'],
  ['max_iter', 'maxIter'],
  ['max-iters', 'maxIter'],
  ['nbUnit', 'nbUnits'],
  ['lrr', 'lr'],
  ['keepProbability', undefined],
  ['rl', undefined],
  ['', undefined],
])('takes %s for %s', (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});

it('guesses nothing where there is nothing', () => {
  expect(nearest('lr', [])).toBeUndefined();
});
