/**
 * In which thread an awaited run computes. To wake another thread, and to hear that it is done, costs about 100 µs on two cores, as
 * much as a step of a small net; a turn of the event loop costs 1 µs. So runs that were short so far compute in the thread that calls,
 * and are awaited for one turn of the loop, in which timers, sockets and the interruption of a cell have their turn.
 */
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';

/**
 * A run this long, in milliseconds, is worth another thread: the event loop would stand still meanwhile. What another thread took counts
 * the waking too, so this is more than the millisecond that it is meant to be.
 */
const LONG_MS = 2;

/** So many sets of fetches are remembered; a program that makes ever new ones forgets those it used the longest ago. */
const MOST_REMEMBERED = 256;

/** Where runs of some fetches compute, and why. */
export interface AwaitedRuns {
  /** Names of what is fetched. */
  readonly fetches: readonly string[];
  /** What a run took, the faster of the last two, in milliseconds. */
  readonly milliseconds: number;
  /** The thread that calls, or another one. */
  readonly thread: RunThread;
}

/** The thread in which a run computes: the one that calls, where nothing else happens meanwhile, or another one. */
export type RunThread = 'caller' | 'other';

/** What the runs of one set of fetches, with feeds of about one size, took. */
export class Pace {
  readonly fetches: readonly string[];
  #last = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;

  constructor({ targets, tensors }: FetchPlan) {
    this.fetches = [...targets, ...tensors].map(({ name }) => name);
  }

  /**
   * What a run takes, in milliseconds: the faster of the last two, since the first run prepares the graph, and any may be held up
   * by what else the machine does. Infinite before the first.
   */
  get milliseconds(): number {
    return Math.min(this.#last, this.#before);
  }

  /** Where the next run computes. */
  get thread(): RunThread {
    return this.milliseconds < LONG_MS ? 'caller' : 'other';
  }

  /** Takes note of a run that took so long. */
  took(milliseconds: number): void {
    this.#before = this.#last;
    this.#last = milliseconds;
  }
}

/** The paces of a session's runs. */
export class Paces {
  /** Those used last are last. */
  readonly #paces = new Map<string, Pace>();

  /** The pace of runs of these fetches. Feeds of twice the size are runs of another kind. */
  of(plan: FetchPlan, feeds: readonly Feed[]): Pace {
    let elements = 0;
    for (const { array } of feeds) elements += array.size;
    let key = String(Math.ceil(Math.log2(elements + 1)));
    for (const { name } of plan.targets) key += ` ${name}`;
    for (const { op, index } of plan.tensors) key += ` ${op.name}:${index}`;
    const pace = this.#paces.get(key) ?? new Pace(plan);
    this.#paces.delete(key);
    this.#paces.set(key, pace);
    if (this.#paces.size > MOST_REMEMBERED) this.#paces.delete(this.#paces.keys().next().value as string);
    return pace;
  }

  /** Those that were measured, the ones used last at the end. */
  get measured(): AwaitedRuns[] {
    return [...this.#paces.values()]
      .filter(({ milliseconds }) => milliseconds < Number.POSITIVE_INFINITY)
      .map(({ fetches, milliseconds, thread }) => ({ fetches, milliseconds, thread }));
  }
}
