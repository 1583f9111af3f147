/** Which of a saver's checkpoints stay, and which are removed. What a checkpoint holds, and who writes it, is no matter of this. */
import * as path from 'node:path';
import { getCheckpointMtimes, isSamePrefix, liesIn } from './checkpointFiles';

/** A checkpoint that a saver wrote, or was told of. */
export interface KeptCheckpoint {
  readonly prefix: string;
  /** When it was written, in seconds since the epoch. */
  readonly time: number;
  /** Which of those that this program has saved; 0 for one that it was told of. */
  readonly order: number;
}

/** How many checkpoints stay. */
export interface RetentionRule {
  /** So many of the newest; 0 for all. */
  readonly maxToKeep: number;
  /** Besides these, one of every so many hours. */
  readonly keepCheckpointEveryNHours: number;
}

/** What is kept of one saver's checkpoints. */
export class Retention {
  readonly #rule: RetentionRule;
  /** Oldest first. */
  #kept: readonly KeptCheckpoint[] = [];
  /** From when on, in seconds since the epoch, the next checkpoint is kept for good. */
  #preserveFrom: number;

  constructor(rule: RetentionRule) {
    this.#rule = rule;
    this.#preserveFrom = secondsNow() + this.#interval;
  }

  /** The prefixes of the checkpoints that may be removed one day, oldest first. */
  get prefixes(): string[] {
    return this.#kept.map(({ prefix }) => prefix);
  }

  /** Forgets what it knew, and takes checkpoints that somebody else names, oldest first. */
  tell(prefixes: readonly string[]): void {
    this.#kept = prefixes.map((prefix) => ({
      prefix,
      time: getCheckpointMtimes([prefix])[0] ?? secondsNow(),
      order: 0,
    }));
  }

  /**
   * The prefixes of all checkpoints that are there once a new one is, also of those that are then too many; oldest first.
   *
   * @param target what the new one will be called, where it isn't called so yet
   */
  listWith(saved: KeptCheckpoint, target = saved.prefix): string[] {
    const { staying, surplus } = this.#sortOut(saved, target);
    return [...surplus, ...staying].map(({ prefix }) => prefix);
  }

  /**
   * Takes in a new checkpoint.
   *
   * @returns whether others have become too many, and the prefixes of those that are to be removed: one that is kept for good isn't,
   *   nor one that this was told of and that lies in another folder than the new one
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

  /** Which checkpoints stay, with a new one, and which become too many; both oldest first. */
  #sortOut(saved: KeptCheckpoint, target: string): { staying: KeptCheckpoint[]; surplus: KeptCheckpoint[] } {
    const { maxToKeep } = this.#rule;
    const others = this.#kept.filter(({ prefix }) => !isSamePrefix(prefix, target));
    if (maxToKeep === 0) return { staying: others, surplus: [] };
    // One that was begun earlier, and took longer, stands before.
    const all = [...others, saved].sort((one, other) => one.order - other.order);
    return { surplus: all.splice(0, Math.max(0, all.length - maxToKeep)), staying: all };
  }

  /** Whether it is time to keep a checkpoint for good; then it isn't for a while. */
  #isPreserved({ time }: KeptCheckpoint): boolean {
    if (time <= this.#preserveFrom) return false;
    this.#preserveFrom += this.#interval;
    return true;
  }

  /** In seconds. */
  get #interval(): number {
    return this.#rule.keepCheckpointEveryNHours * 3600;
  }
}

/** The time, in seconds since the epoch. */
export function secondsNow(): number {
  return Date.now() / 1000;
}
