/** How an interrupt reaches code at work. */

/** What an interrupted cell fails with. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(message = 'the cell was interrupted') {
    super(message);
  }
}

/** Where in the shared memory stands what. */
const ATTENTION = 0;
const REQUESTED = 1;
const SIGNALLED = 2;
const WATCHED = 3;
const EVENTS = 4;
const BREAKABLE = 5;
const PLACES = 6;

/**
 * Memory that the thread with the sockets writes to while this thread computes. Cells look at `flag[0]` in every loop and call for
 * attention when it isn't 0: an interrupt was requested, or code of an interrupted cell may still be at work.
 */
export class InterruptFlag {
  readonly flag: Int32Array;
  #lingering = 0;
  /** How many scripts that a signal breaks are at work in this thread, one within the other. */
  #breakable = 0;

  constructor(memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT)) {
    this.flag = new Int32Array(memory);
  }

  /** Requests an interrupt. Any thread may. */
  request(): void {
    Atomics.store(this.flag, REQUESTED, 1);
    Atomics.store(this.flag, ATTENTION, 1);
    this.wake();
  }

  /** Has {@link waitFor} look again. Any thread may. */
  wake(): void {
    Atomics.add(this.flag, EVENTS, 1);
    Atomics.notify(this.flag, EVENTS);
  }

  /**
   * Keeps this thread waiting until `look` finds something, which it is asked at each {@link wake}.
   *
   * @returns what it has found; undefined when an interrupt was requested
   */
  waitFor<T>(look: () => T | undefined): T | undefined {
    for (;;) {
      const seen = Atomics.load(this.flag, EVENTS);
      const found = this.requested ? undefined : look();
      if (found !== undefined || this.requested) return found;
      Atomics.wait(this.flag, EVENTS, seen);
    }
  }

  /** Requests an interrupt by a signal to this process, for code that only a signal can break. */
  signal(): void {
    Atomics.store(this.flag, SIGNALLED, 1);
    process.kill(process.pid, 'SIGINT');
  }

  /** For whoever receives the signal: a request, unless it was {@link signal} that sent it, for a request that there is or was. */
  onSignal(): void {
    if (Atomics.exchange(this.flag, SIGNALLED, 0) === 0) this.request();
  }

  /** For the thread that listens to signals, when it does. */
  setWatched(): void {
    Atomics.store(this.flag, WATCHED, 1);
    Atomics.notify(this.flag, WATCHED);
  }

  /**
   * For the thread that listens to signals, when one has broken off its listening: waits until no script is at work that the next one
   * should break instead, which would be the thread's as soon as that listens again. The next script waits for {@link setWatched}.
   */
  waitToWatchAgain(): void {
    Atomics.store(this.flag, WATCHED, 0);
    while (Atomics.load(this.flag, BREAKABLE) === 1) Atomics.wait(this.flag, BREAKABLE, 1);
  }

  /**
   * Begins a script that a signal breaks, when the other thread listens; {@link endBreakable} has to follow.
   *
   * @param milliseconds how long to wait for that thread
   * @returns whether it listens
   */
  beginBreakable(milliseconds: number): boolean {
    if (this.#breakable++ > 0) return true;
    for (;;) {
      Atomics.store(this.flag, BREAKABLE, 1);
      if (Atomics.load(this.flag, WATCHED) === 1) return true;
      this.#leaveBreakable(); // for the thread, which may wait for that
      if (Atomics.wait(this.flag, WATCHED, 0, milliseconds) === 'timed-out') return false;
    }
  }

  /** Ends what {@link beginBreakable} has begun. */
  endBreakable(): void {
    if (--this.#breakable === 0) this.#leaveBreakable();
  }

  /** Whether there is a request that {@link take} hasn't seen. */
  get requested(): boolean {
    return Atomics.load(this.flag, REQUESTED) === 1;
  }

  /** Takes a request; false where there is none. */
  take(): boolean {
    const taken = Atomics.exchange(this.flag, REQUESTED, 0) === 1;
    this.#update();
    return taken;
  }

  /** Takes the request for which a signal has broken the code at work; nobody else saw it. */
  takeBroken(): void {
    Atomics.store(this.flag, SIGNALLED, 0);
    this.take();
  }

  /** Has loops look closer until what an interrupted cell has begun is over. */
  watch(promise: Promise<unknown>): void {
    this.#lingering++;
    const over = () => {
      this.#lingering--;
      this.#update();
    };
    promise.then(over, over);
    this.#update();
  }

  #leaveBreakable(): void {
    Atomics.store(this.flag, BREAKABLE, 0);
    Atomics.notify(this.flag, BREAKABLE);
  }

  #update(): void {
    Atomics.store(this.flag, ATTENTION, this.#lingering > 0 || this.requested ? 1 : 0);
  }
}
