import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../data/random';
import { halvingRungs, hyperbandBrackets } from './brackets';
import { type Job, Schedule } from './schedule';

/** Runs a schedule with so many processes, each of which takes as long as it likes; gives the jobs in the order in which they started. */
function run(schedule: Schedule, processes: number, score: (job: Job) => number, random = new Random(0)): Job[] {
  const started: Job[] = [];
  const running: Job[] = [];
  for (;;) {
    while (running.length < processes) {
      const job = schedule.next();
      if (!job) break;
      started.push(job);
      running.push(job);
    }
    if (running.length === 0) return started;
    const [job] = running.splice(random.below(running.length), 1);
    schedule.end(job!, score(job!));
  }
}

const sorted = (jobs: Job[]) => jobs.map(({ trial, iterations }) => `${trial}:${iterations}`).sort();

/** Scores that look like chance and depend on the trial only. */
const luck = ({ trial }: Job) => new Random(trial).below(1000);

describe('synchronous halving', () => {
  it('promotes the best of each rung, once all of it has ended', () => {
    const jobs = run(new Schedule([halvingRungs(9, 9, 3)], 'synchronous'), 1, ({ trial }) => trial % 5);
    expect(jobs.slice(9)).toEqual([
      { trial: 4, iterations: 3 },
      { trial: 3, iterations: 3 },
      { trial: 8, iterations: 3 }, // the best are promoted, of equal ones the first
      { trial: 4, iterations: 9 },
    ]);
  });

  it('runs the same jobs whatever the number of processes', () => {
    const brackets = hyperbandBrackets(27, 3);
    const alone = sorted(run(new Schedule(brackets, 'synchronous'), 1, luck));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer(), (processes, seed) => {
        const jobs = run(new Schedule(brackets, 'synchronous'), processes, luck, new Random(seed));
        expect(sorted(jobs)).toEqual(alone);
      }),
    );
  });

  it('runs as many jobs a rung as the brackets say, each trial in one bracket', () => {
    const jobs = run(new Schedule(hyperbandBrackets(9, 3), 'synchronous'), 3, luck);
    expect(jobs.filter(({ iterations }) => iterations === 9)).toHaveLength(1 + 2 + 3 - 1);
    expect(new Set(jobs.map(({ trial }) => trial)).size).toBe(9 + 3 + 3);
  });

  it('goes on without those that fail', () => {
    const fails = ({ trial }: Job) => (trial < 8 ? Number.NaN : 1);
    const jobs = run(new Schedule([halvingRungs(9, 9, 3)], 'synchronous'), 2, fails);
    expect(sorted(jobs.slice(9))).toEqual(['8:3', '8:9']);
    expect(run(new Schedule([halvingRungs(9, 9, 3)], 'synchronous'), 2, () => Number.NaN)).toHaveLength(9);
  });
});

describe('asynchronous halving', () => {
  it('promotes a trial as soon as it is among the best 1/η of those that have ended', () => {
    const scores = [1, 3, 2, 0, 5, 4, 0, 0, 0];
    const jobs = run(new Schedule([halvingRungs(9, 9, 3)], { asynchronous: 3 }), 1, ({ trial }) => scores[trial]!);
    expect(jobs.map(({ trial, iterations }) => `${trial}:${iterations}`)).toEqual([
      ...['0:1', '1:1', '2:1', '1:3'], // of three, the best
      ...['3:1', '4:1', '4:3'], // 4 is better than 1, which has been promoted already
      ...['5:1', '5:3', '4:9'], // the best two of six are 4 and 5; of three at the second rung, 4
      ...['6:1', '7:1', '8:1'], // of nine, the best three are promoted already
    ]);
  });

  it('trains every configuration a little, in order', () => {
    const jobs = run(new Schedule([halvingRungs(27, 27, 3)], { asynchronous: 3 }), 4, luck);
    expect(jobs.filter(({ iterations }) => iterations === 1).map(({ trial }) => trial)).toEqual(
      Array.from({ length: 27 }, (_, trial) => trial),
    );
  });
});

it.each([
  ['synchronous', 'synchronous'],
  ['asynchronous', { asynchronous: 3 }],
] as const)('a %s schedule goes on from what was started and what has ended', (_, promotion) => {
  const brackets = promotion === 'synchronous' ? hyperbandBrackets(27, 3) : [halvingRungs(27, 27, 3)];
  const whole = run(new Schedule(brackets, promotion), 1, luck);
  fc.assert(
    fc.property(fc.nat(whole.length), (count) => {
      const resumed = new Schedule(brackets, promotion);
      for (const job of whole.slice(0, count)) {
        resumed.start(job);
        resumed.end(job, luck(job));
      }
      expect(run(resumed, 1, luck)).toEqual(whole.slice(count));
    }),
  );
});
