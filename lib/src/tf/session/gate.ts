/** If callers arrived while others were inside, more are expected to arrive within this many milliseconds. */
const BUSY_MS = 20;

/** A semaphore: lets a limited number of callers in at once; the others wait in order of arrival. */
export class Gate {
  #free: number;
  #busyUntil = 0;
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Whether nobody is inside, and nobody arrived recently while others were inside. */
  get isQuiet(): boolean {
    return this.#inside === 0 && performance.now() >= this.#busyUntil;
  }

  /** Calls `start` immediately or when its turn comes. It occupies a place until `leave` is called. */
  enter(start: () => void): void {
    if (this.#free <= 0) {
      this.#waiting.add(start);
      return;
    }
    this.takePlace();
    start();
  }

  /** Occupies a place without waiting, even if none is free, until `leave` is called. */
  takePlace(): void {
    if (this.#inside > 0) this.#busyUntil = performance.now() + BUSY_MS;
    this.#free--;
    this.#inside++;
  }

  /** Removes `start` from the queue; returns whether it was waiting. */
  giveUp(start: () => void): boolean {
    return this.#waiting.delete(start);
  }

  /** Frees a place. */
  leave(): void {
    this.#inside--;
    this.widen(1);
  }

  /** Adds places. */
  widen(places: number): void {
    this.#free += places;
    for (const start of this.#waiting) {
      if (this.#free <= 0) return;
      this.#waiting.delete(start);
      this.takePlace();
      start();
    }
  }
}
