import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halvingRungs, hyperbandBrackets, type Rung } from './brackets';

/** Each rung as the paper writes it: n_i trials, r_i iterations. */
const pairs = (rungs: Rung[]) => rungs.map(({ trials, iterations }) => `${trials}/${iterations}`).join(' ');

describe('the brackets of Hyperband', () => {
  it('are those of Table 1 of Li et al. (2018)', () => {
    expect(hyperbandBrackets(81, 3).map(pairs)).toEqual([
      '81/1 27/3 9/9 3/27 1/81',
      '27/3 9/9 3/27 1/81',
      '9/9 3/27 1/81',
      '6/27 2/81',
      '5/81',
    ]);
  });

  it.each([
    [27, 3, ['27/1 9/3 3/9 1/27', '9/3 3/9 1/27', '6/9 2/27', '4/27']],
    [16, 2, ['16/1 8/2 4/4 2/8 1/16', '8/2 4/4 2/8 1/16', '4/4 2/8 1/16', '4/8 2/16', '5/16']],
    [256, 4, ['256/1 64/4 16/16 4/64 1/256', '64/4 16/16 4/64 1/256', '16/16 4/64 1/256', '8/64 2/256', '5/256']],
    [1, 3, ['1/1']],
  ])("are those of the authors' program for R = %i and η = %i", (iterations, eta, brackets) => {
    expect(hyperbandBrackets(iterations, eta).map(pairs)).toEqual(brackets);
  });

  it("agree with the authors' arithmetic whatever R and η are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 6 }), (R, eta) => {
        // A logarithm that is a whole number may come out a little below it.
        const sMax = Math.floor(Math.log(R) / Math.log(eta) + 1e-9);
        const B = (sMax + 1) * R;
        const brackets = hyperbandBrackets(R, eta);
        expect(brackets).toHaveLength(sMax + 1);
        for (const [bracket, rungs] of brackets.entries()) {
          const s = sMax - bracket;
          const n = Math.ceil(Math.trunc(B / R / (s + 1)) * eta ** s);
          expect(rungs).toHaveLength(s + 1);
          for (const [i, { trials, iterations }] of rungs.entries()) {
            expect(trials).toBeCloseTo(n * eta ** -i, 6);
            expect(Math.abs(iterations - R * eta ** -s * eta ** i)).toBeLessThan(0.5 + 1e-6); // whole iterations
          }
        }
      }),
    );
  });

  it('begin with the iterations that it takes to compare configurations', () => {
    expect(hyperbandBrackets(900, 3, 100).map(pairs)).toEqual(['9/100 3/300 1/900', '3/300 1/900', '3/900']);
  });

  it.each([
    [[0, 3], 'expected maxIterations to be a whole number from 1 on, got 0'],
    [[81, 1], 'expected eta to be a whole number from 2 on, got 1'],
    [[81, 2.5], 'expected eta to be a whole number from 2 on, got 2.5'],
    [[81, 3, 100], 'expected at most as many minIterations as maxIterations, got 100 and 81'],
  ] as [[number, number, number?], string][])('of %j are refused', (parameters, message) => {
    expect(() => hyperbandBrackets(...parameters)).toThrow(message);
  });
});

describe('the rungs of successive halving', () => {
  it('are those of Figure 1 of Li et al. (2020)', () => {
    expect(pairs(halvingRungs(9, 9, 3))).toBe('9/1 3/3 1/9');
  });

  it('end where no trial would be left', () => {
    expect(pairs(halvingRungs(4, 81, 3))).toBe('4/1 1/3');
  });
});
