import { expect, it } from 'vitest';
import type { TrialResult } from './results';
import { learningCurve } from './results';

it('puts reports and evaluations of one iteration together, in the order of iterations', () => {
  const trial = {
    reports: [
      { iteration: 20, metrics: { loss: 0.5 } },
      { iteration: 10, metrics: { loss: 0.9 } },
    ],
    evaluations: [{ iteration: 20, metrics: { precision: 0.8 } }],
  };
  expect(learningCurve(trial as unknown as TrialResult)).toEqual([
    { iteration: 10, metrics: { loss: 0.9 } },
    { iteration: 20, metrics: { loss: 0.5, precision: 0.8 } },
  ]);
});
