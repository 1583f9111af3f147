/** The settings of a search: its trials, and the brackets in which they compete. */
import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '../data/random';
import { InvalidArgumentError } from '../runtime/errors';
import { halvingRungs, hyperbandBrackets, type Rung } from './brackets';
import { MOST_TRIALS, type SearchSettings } from './records';
import { Schedule } from './schedule';
import type { SearchOptions } from './search';
import { describeSpace, type Sampled, sample } from './space';

/** The default number of configurations. */
const TRIALS = 20;

/**
 * The settings for the options; omitted ones are those of the search to resume, if any.
 *
 * @throws {InvalidArgumentError} when an option is invalid, or differs from that of the earlier search
 */
export function settingsOf<S>(options: SearchOptions<S>, earlier?: SearchSettings): SearchSettings {
  const defaults = {
    eta: 3,
    minIterations: 1,
    mode: 'max',
    trials: TRIALS,
    seed: earlier?.seed ?? randomInt(2 ** 32),
  } as const;
  const { algorithm, metric, maxIterations } = options;
  const { eta, minIterations, mode, trials: count, seed } = { ...defaults, ...earlier, ...withoutUndefined(options) };
  const space = asJson(describeSpace(options.space));
  const chosen = { algorithm, space, metric, mode, maxIterations, minIterations, eta };
  const trials = bracketsOf({ ...chosen, trials: count }).reduce((sum, [rung]) => sum + rung!.trials, 0);
  if (trials > MOST_TRIALS)
    throw new InvalidArgumentError(`a search has at most ${MOST_TRIALS} trials; this one would have ${trials}`);
  const settings = { ...chosen, trials, seed };
  for (const [name, was] of Object.entries(earlier ?? {})) {
    const is = settings[name as keyof SearchSettings];
    if (!isDeepStrictEqual(is, was))
      throw new InvalidArgumentError(
        `the search to resume has ${name} ${JSON.stringify(was)}, not ${JSON.stringify(is)}: its trials would not compare`,
      );
  }
  return settings;
}

/** The schedule for the settings. */
export function scheduleOf(settings: SearchSettings): Schedule {
  const { algorithm, eta } = settings;
  return new Schedule(bracketsOf(settings), algorithm === 'asha' ? { asynchronous: eta } : 'synchronous');
}

/** The configurations and seeds of the trials by number. They only depend on the search's seed. */
export function trialsOf<S>(space: S, { seed, trials }: SearchSettings): { config: Sampled<S>; seed: number }[] {
  const random = new Random(seed);
  return Array.from({ length: trials }, () => ({
    config: sample(space, random.uint32()),
    seed: random.uint32() >>> 1,
  }));
}

function bracketsOf(settings: Omit<SearchSettings, 'seed'>): Rung[][] {
  const { algorithm, trials, maxIterations, eta, minIterations } = settings;
  if (algorithm === 'hyperband') return hyperbandBrackets(maxIterations, eta, minIterations);
  const rungs = halvingRungs(trials, maxIterations, eta, minIterations);
  return [algorithm === 'asha' ? rungs : [{ trials, iterations: maxIterations }]];
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}
