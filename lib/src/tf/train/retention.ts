/**
 * Decides which of a saver's checkpoints are kept and which are removed. Independent of their content and of how they
 * are written.
 */
import * as path from 'node:path';
import { getCheckpointMtimes, isSamePrefix, liesIn } from './checkpointFiles';

/** A checkpoint that a saver wrote, or was told about. */
export interface KeptCheckpoint {
  readonly prefix: string;
  /** When it was written, in seconds since the epoch. */
  readonly time: number;
  /** Its number among those that this program has saved; 0 if the saver was told about it. */
  readonly order: number;
}

/** How many checkpoints to keep. */
export interface RetentionRule {
  /** The number of newest checkpoints; 0 for all. */
  readonly maxToKeep: number;
  /** In addition, one checkpoint per this many hours is kept permanently. */
  readonly keepCheckpointEveryNHours: number;
}

/** The kept checkpoints of one saver. */
export class Retention {
  readonly #rule: RetentionRule;
  /** Oldest first. */
  #kept: readonly KeptCheckpoint[] = [];
  /** The time, in seconds since the epoch, from which the next checkpoint is kept permanently. */
  #preserveFrom: number;

  constructor(rule: RetentionRule) {
    this.#rule = rule;
    this.#preserveFrom = secondsNow() + this.#interval;
  }

  /** The prefixes of the checkpoints that may be removed later, oldest first. */
  get prefixes(): string[] {
    return this.#kept.map(({ prefix }) => prefix);
  }

  /** Replaces the list of checkpoints by a given one, oldest first. */
  tell(prefixes: readonly string[]): void {
    this.#kept = prefixes.map((prefix) => ({
      prefix,
      time: getCheckpointMtimes([prefix])[0] ?? secondsNow(),
      order: 0,
    }));
  }

  /**
   * The prefixes of all checkpoints that exist once a new one does, including surplus ones; oldest first.
   *
   * @param target the final name of the new one, if it differs from its current name
   */
  listWith(saved: KeptCheckpoint, target = saved.prefix): string[] {
    const { staying, surplus } = this.#sortOut(saved, target);
    return [...surplus, ...staying].map(({ prefix }) => prefix);
  }

  /**
   * Adds a new checkpoint.
   *
   * @returns whether there are surplus checkpoints now, and the prefixes of those to remove: not those that are kept
   * permanently, nor those that the saver was told about and that are in another folder than the new one
   */
  add(saved: KeptCheckpoint): { isFull: boolean; removable: string[] } {
    const { staying, surplus } = this.#sortOut(saved, saved.prefix);
    this.#kept = staying;
    const folder = path.dirname(saved.prefix);
    const removable = surplus
      .filter((checkpoint) => !this.#isPreserved(checkpoint))
      .filter(({ prefix, order }) => order > 0 || liesIn(folder, prefix));
    return { isFull: surplus.length > 0, removable: removable.map(({ prefix }) => prefix) };
  }

  /** The checkpoints to keep, including a new one, and the surplus ones; both oldest first. */
  #sortOut(saved: KeptCheckpoint, target: string): { staying: KeptCheckpoint[]; surplus: KeptCheckpoint[] } {
    const { maxToKeep } = this.#rule;
    const others = this.#kept.filter(({ prefix }) => !isSamePrefix(prefix, target));
    if (maxToKeep === 0) return { staying: others, surplus: [] };
    // A save that began earlier and took longer comes before.
    const all = [...others, saved].sort((one, other) => one.order - other.order);
    return { surplus: all.splice(0, Math.max(0, all.length - maxToKeep)), staying: all };
  }

  /** Whether this checkpoint is kept permanently; if so, the interval starts anew. */
  #isPreserved({ time }: KeptCheckpoint): boolean {
    if (time <= this.#preserveFrom) return false;
    this.#preserveFrom += this.#interval;
    return true;
  }

  /** The interval in seconds. */
  get #interval(): number {
    return this.#rule.keepCheckpointEveryNHours * 3600;
  }
}

/** The time, in seconds since the epoch. */
export function secondsNow(): number {
  return Date.now() / 1000;
}
