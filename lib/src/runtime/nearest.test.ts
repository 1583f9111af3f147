import { expect, it } from 'vitest';
import { didYouMean, nearest, unquoted } from './nearest';

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

it('says at the end of a message which name was probably meant, or something else where none is close', () => {
  expect(didYouMean('maxiter', names)).toBe("; did you mean 'maxIter'?");
  expect(didYouMean('maxiter', names, { before: ': ', as: unquoted })).toBe(': did you mean maxIter?');
  expect(didYouMean('height', names)).toBe('');
  expect(didYouMean('height', names, { otherwise: ', but lr' })).toBe(', but lr');
});
