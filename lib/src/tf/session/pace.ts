/**
 * Decides in which thread an awaited run computes. Waking another thread and being notified of its end costs about 100
 * µs on two cores, as much as a step of a small network; a turn of the event loop costs 1 µs. So runs that have been
 * short compute in the calling thread, and awaiting them takes one turn of the loop, in which timers, sockets and
 * interrupts are handled.
 */
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';

/**
 * The duration in milliseconds from which a run is worth another thread, because it would block the event loop.
 * Durations in another thread include waking it, so this is more than the intended millisecond.
 */
const LONG_MS = 2;

/** The number of sets of fetches that are remembered; the least recently used are forgotten. */
const MOST_REMEMBERED = 256;

/** Where runs of certain fetches compute, and why. */
export interface AwaitedRuns {
  /** The names of the fetched tensors and operations. */
  readonly fetches: readonly string[];
  /** The duration of a run in milliseconds: the shorter of the last two. */
  readonly milliseconds: number;
  /** The calling thread, or another one. */
  readonly thread: RunThread;
}

/** The thread in which a run computes: the calling thread, which is blocked meanwhile, or another one. */
export type RunThread = 'caller' | 'other';

/** The durations of the runs of one set of fetches, with feeds of about the same size. */
export class Pace {
  readonly fetches: readonly string[];
  #last = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;

  constructor({ targets, tensors }: FetchPlan) {
    this.fetches = [...targets, ...tensors].map(({ name }) => name);
  }

  /**
   * The duration of a run in milliseconds: the shorter of the last two, since the first run prepares the graph, and
   * other activity of the machine may delay any run. Infinite before the first run.
   */
  get milliseconds(): number {
    return Math.min(this.#last, this.#before);
  }

  /** Where the next run computes. */
  get thread(): RunThread {
    return this.milliseconds < LONG_MS ? 'caller' : 'other';
  }

  /** Records the duration of a run. */
  took(milliseconds: number): void {
    this.#before = this.#last;
    this.#last = milliseconds;
  }
}

/** The paces of a session's runs. */
export class Paces {
  /** The most recently used come last. */
  readonly #paces = new Map<string, Pace>();

  /** The pace of runs of these fetches. Feeds of twice the size count as other runs. */
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

  /** The measured ones; the most recently used come last. */
  get measured(): AwaitedRuns[] {
    return [...this.#paces.values()]
      .filter(({ milliseconds }) => milliseconds < Number.POSITIVE_INFINITY)
      .map(({ fetches, milliseconds, thread }) => ({ fetches, milliseconds, thread }));
  }
}
