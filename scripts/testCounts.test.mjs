import { describe, expect, it } from 'vitest';
import { countTests, passedOnlyAgain, summary } from './testCounts.mjs';

/** A file as vitest reports it. */
const file = (state, ...tests) => ({
  state: () => state,
  children: { allTests: () => tests.map((test) => ({ result: () => ({ state: test }) })) },
});

describe('countTests', () => {
  it('counts tests by what came of them, and those that never ran as skipped', () => {
    const files = [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed', 'pending')];
    expect(countTests(files)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that failed though none of its tests did', () => {
    expect(countTests([file('failed'), file('failed', 'passed')])).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });

  it('counts errors outside tests', () => {
    expect(countTests([file('passed', 'passed')], [new Error('late')]).failed).toBe(1);
  });
});

describe('passedOnlyAgain', () => {
  /** A file with tests by their names and what came of them. */
  const named = (name, state, tests) => ({
    relativeModuleId: name,
    state: () => state,
    children: {
      allTests: (wanted) =>
        Object.entries(tests)
          .filter(([, state]) => state === wanted)
          .map(([fullName]) => ({ fullName })),
    },
  });

  it('names the tests that failed once, and not those that fail again', () => {
    const first = [named('a.test.ts', 'failed', { slow: 'failed', wrong: 'failed', right: 'passed' })];
    const second = [named('a.test.ts', 'failed', { slow: 'passed', wrong: 'failed', right: 'passed' })];
    expect(passedOnlyAgain(first, second)).toEqual(['a.test.ts > slow']);
  });

  it('names a file that failed outside its tests', () => {
    const first = [named('a.test.ts', 'failed', { right: 'passed' })];
    expect(passedOnlyAgain(first, [named('a.test.ts', 'passed', { right: 'passed' })])).toEqual(['a.test.ts']);
    expect(passedOnlyAgain(first, first)).toEqual([]);
  });
});

describe('summary', () => {
  it('names skipped tests where there are some', () => {
    expect(summary({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
    expect(summary({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
  });
});
