/** Lets so many in at once; the others wait in the order in which they came. */
export class Gate {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Calls `start` at once or when its turn comes; it takes a place until `leave` is called. */
  enter(start: () => void): void {
    if (this.#free > 0) {
      this.#free--;
      start();
    } else {
      this.#waiting.add(start);
    }
  }

  /** Takes `start` out of those that wait; whether it was one. */
  giveUp(start: () => void): boolean {
    return this.#waiting.delete(start);
  }

  /** Gives a place back. */
  leave(): void {
    this.widen(1);
  }

  /** Adds places. */
  widen(places: number): void {
    this.#free += places;
    for (const start of this.#waiting) {
      if (this.#free === 0) return;
      this.#waiting.delete(start);
      this.#free--;
      start();
    }
  }
}
