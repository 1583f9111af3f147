/** Decides which trial trains next, and for how long. */
import type { Rung } from './brackets';

/** A job: train trial number `trial` up to a number of iterations. */
export interface Job {
  readonly trial: number;
  readonly iterations: number;
}

/** How trials are promoted to the next rung of a bracket. */
export type Promotion =
  /** The best ones, once all trials of the rung have ended: the same for any number of processes. */
  | 'synchronous'
  /** Each as soon as it is among the best 1/η of those that have ended: no process waits. */
  | { readonly asynchronous: number };

/** The trials of a rung with their scores, once ended: higher is better, NaN for failures. */
type Entrants = Map<number, number | undefined>;

/**
 * The jobs of a search. The next job depends only on which jobs have started and ended, so a stopped search can be
 * resumed from a record of these.
 */
export class Schedule {
  readonly #brackets: readonly Bracket[];

  constructor(brackets: readonly (readonly Rung[])[], promotion: Promotion) {
    let first = 0;
    this.#brackets = brackets.map((rungs) => {
      const bracket = new Bracket(first, rungs, promotion);
      first += rungs[0]!.trials;
      return bracket;
    });
  }

  /** Starts the next job; undefined if none is left or it depends on running ones. */
  next(): Job | undefined {
    for (const bracket of this.#brackets) {
      const job = bracket.next();
      if (!job) continue;
      this.start(job);
      return job;
    }
    return undefined;
  }

  /** Whether a job belongs to this schedule. */
  has(job: Job): boolean {
    return this.#brackets.some((bracket) => bracket.has(job));
  }

  /** Records that a job has started. */
  start(job: Job): void {
    this.#entrants(job).set(job.trial, undefined);
  }

  /** Records that a job has ended, with the trial's score; NaN if it failed. */
  end(job: Job, score: number): void {
    this.#entrants(job).set(job.trial, Number.isFinite(score) ? score : Number.NaN);
  }

  #entrants(job: Job): Entrants {
    const bracket = this.#brackets.find(({ trials: [first, end] }) => job.trial >= first && job.trial < end);
    return bracket!.entrants(job.iterations);
  }
}

class Bracket {
  /** The range of trial numbers; the end is exclusive. */
  readonly trials: readonly [first: number, end: number];
  readonly #rungs: readonly (Rung & { readonly entrants: Entrants })[];
  readonly #promotion: Promotion;

  constructor(first: number, rungs: readonly Rung[], promotion: Promotion) {
    this.trials = [first, first + rungs[0]!.trials];
    this.#rungs = rungs.map((rung) => ({ ...rung, entrants: new Map() }));
    this.#promotion = promotion;
  }

  has({ trial, iterations }: Job): boolean {
    const [first, end] = this.trials;
    return trial >= first && trial < end && this.#rungs.some((rung) => rung.iterations === iterations);
  }

  entrants(iterations: number): Entrants {
    return this.#rungs.find((rung) => rung.iterations === iterations)!.entrants;
  }

  /** The most advanced trials go first, so that good configurations are found early. */
  next(): Job | undefined {
    for (let i = this.#rungs.length - 1; i > 0; i--) {
      const { entrants, iterations } = this.#rungs[i]!;
      const trial = this.#best(i - 1).find((one) => !entrants.has(one));
      if (trial !== undefined) return { trial, iterations };
    }
    const { entrants, iterations } = this.#rungs[0]!;
    for (let [trial, end] = this.trials; trial < end; trial++) if (!entrants.has(trial)) return { trial, iterations };
    return undefined;
  }

  /** The trials of a rung that may be promoted now, best first. Failed ones never are. */
  #best(index: number): number[] {
    const ended = [...this.#rungs[index]!.entrants].filter(
      (entry): entry is [number, number] => entry[1] !== undefined,
    );
    const better = ended
      .filter(([, score]) => !Number.isNaN(score))
      .sort(([one, score], [other, otherScore]) => otherScore - score || one - other);
    return better.slice(0, this.#places(index, ended.length)).map(([trial]) => trial);
  }

  #places(index: number, ended: number): number {
    if (this.#promotion !== 'synchronous') return Math.floor(ended / this.#promotion.asynchronous);
    return this.#isComplete(index, ended) ? this.#rungs[index + 1]!.trials : 0;
  }

  /** Whether all trials of a rung have ended; those that failed in lower rungs aren't expected. */
  #isComplete(index: number, ended: number): boolean {
    const { trials, entrants } = this.#rungs[index]!;
    if (index === 0 || ended === trials) return ended === trials;
    const below = [...this.#rungs[index - 1]!.entrants.values()];
    return (
      ended === entrants.size &&
      this.#isComplete(index - 1, below.filter((score) => score !== undefined).length) &&
      this.#best(index - 1).every((trial) => entrants.has(trial))
    );
  }
}
