import { afterEach, expect, it, vi } from 'vitest';
import { InvalidArgumentError } from '../../../runtime/errors';
import { SecondOrStepTimer } from './secondOrStepTimer';

afterEach(() => void vi.useRealTimers());

it('triggers at once, and then once in so many steps', () => {
  const timer = new SecondOrStepTimer({ everySteps: 3 });
  expect(timer.lastTriggeredStep()).toBeNull();
  expect(timer.shouldTriggerForStep(7)).toBe(true);
  expect(timer.updateLastTriggeredStep(7)).toEqual([null, null]);
  expect([7, 8, 9, 10, 20].map((step) => timer.shouldTriggerForStep(step))).toEqual([false, false, false, true, true]);
  expect(timer.updateLastTriggeredStep(11)[1]).toBe(4);
  expect(timer.lastTriggeredStep()).toBe(11);
  timer.reset();
  expect(timer.shouldTriggerForStep(11)).toBe(true);
});

it('triggers once in so many seconds, but never twice at a step', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  const timer = new SecondOrStepTimer({ everySecs: 2.5 });
  timer.updateLastTriggeredStep(1);
  vi.setSystemTime(2400);
  expect(timer.shouldTriggerForStep(100)).toBe(false);
  vi.setSystemTime(2500);
  expect([1, 2].map((step) => timer.shouldTriggerForStep(step))).toEqual([false, true]);
  expect(timer.updateLastTriggeredStep(5)).toEqual([2.5, 4]);
});

it.each([{}, { everySecs: 1, everySteps: 1 }, { everySteps: 0 }, { everySecs: -1 }, { everySteps: Number.NaN }])(
  'is told how often in one way, by a number above 0, not %o',
  (options) => {
    expect(() => new SecondOrStepTimer(options)).toThrow(InvalidArgumentError);
  },
);
