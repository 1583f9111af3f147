/** For so many milliseconds after some came while others were in, more are expected to. */
const BUSY_MS = 20;

/** Lets so many in at once; the others wait in the order in which they came. */
export class Gate {
  #free: number;
  #busyUntil = 0;
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Whether nobody is in, nor came while others were in a moment ago. */
  get isQuiet(): boolean {
    return this.#inside === 0 && performance.now() >= this.#busyUntil;
  }

  /** Calls `start` at once or when its turn comes; it takes a place until `leave` is called. */
  enter(start: () => void): void {
    if (this.#free <= 0) {
      this.#waiting.add(start);
      return;
    }
    this.takePlace();
    start();
  }

  /** Takes a place without waiting, be there one or not, until `leave` is called. */
  takePlace(): void {
    if (this.#inside > 0) this.#busyUntil = performance.now() + BUSY_MS;
    this.#free--;
    this.#inside++;
  }

  /** Takes `start` out of those that wait; whether it was one. */
  giveUp(start: () => void): boolean {
    return this.#waiting.delete(start);
  }

  /** Gives a place back. */
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
