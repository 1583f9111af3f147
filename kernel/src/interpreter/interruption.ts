/** How an interrupt reaches running code. */

/** The error of an interrupted cell. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(message = 'the cell was interrupted') {
    super(message);
  }
}

/** Indices into the shared memory. */
const ATTENTION = 0;
const REQUESTED = 1;
const SIGNALLED = 2;
const WATCHED = 3;
const EVENTS = 4;
const BREAKABLE = 5;
const PLACES = 6;

/**
 * Shared memory through which the socket thread interrupts a computing cell. Instrumented loops check `flag[0]` and
 * call the kernel when it isn't 0: an interrupt was requested, or code of an interrupted cell may still be running.
 */
export class InterruptFlag {
  readonly flag: Int32Array;
  #lingering = 0;
  /** The nesting depth of breakable scripts running in this thread. */
  #breakable = 0;

  constructor(memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT)) {
    this.flag = new Int32Array(memory);
  }

  /** Requests an interrupt, from any thread. */
  request(): void {
    Atomics.store(this.flag, REQUESTED, 1);
    Atomics.store(this.flag, ATTENTION, 1);
    this.wake();
  }

  /** Wakes {@link waitFor}, from any thread. */
  wake(): void {
    Atomics.add(this.flag, EVENTS, 1);
    Atomics.notify(this.flag, EVENTS);
  }

  /**
   * Blocks this thread until `look` returns a value; it is called after each {@link wake}.
   *
   * @returns its value; undefined when an interrupt was requested
   */
  waitFor<T>(look: () => T | undefined): T | undefined {
    for (;;) {
      const seen = Atomics.load(this.flag, EVENTS);
      const found = this.requested ? undefined : look();
      if (found !== undefined || this.requested) return found;
      Atomics.wait(this.flag, EVENTS, seen);
    }
  }

  /** Requests an interrupt by sending SIGINT to this process, for code that only a signal can break. */
  signal(): void {
    Atomics.store(this.flag, SIGNALLED, 1);
    process.kill(process.pid, 'SIGINT');
  }

  /** Handles SIGINT: requests an interrupt, unless {@link signal} sent it for a request made before. */
  onSignal(): void {
    if (Atomics.exchange(this.flag, SIGNALLED, 0) === 0) this.request();
  }

  /** Called by the signal thread when it is listening. */
  setWatched(): void {
    Atomics.store(this.flag, WATCHED, 1);
    Atomics.notify(this.flag, WATCHED);
  }

  /**
   * Called by the signal thread after a signal ended its script: waits until no breakable script is running that the
   * next signal should break. (Node breaks the script that started last, which would be the thread's.) The next script
   * waits for {@link setWatched}.
   */
  waitToWatchAgain(): void {
    Atomics.store(this.flag, WATCHED, 0);
    while (Atomics.load(this.flag, BREAKABLE) === 1) Atomics.wait(this.flag, BREAKABLE, 1);
  }

  /**
   * Begins a breakable script once the signal thread is listening; must be followed by {@link endBreakable}.
   *
   * @param milliseconds how long to wait for the thread
   * @returns whether the thread is listening
   */
  beginBreakable(milliseconds: number): boolean {
    if (this.#breakable++ > 0) return true;
    for (;;) {
      Atomics.store(this.flag, BREAKABLE, 1);
      if (Atomics.load(this.flag, WATCHED) === 1) return true;
      this.#leaveBreakable(); // the thread may be waiting for this
      if (Atomics.wait(this.flag, WATCHED, 0, milliseconds) === 'timed-out') return false;
    }
  }

  /** Ends what {@link beginBreakable} began. */
  endBreakable(): void {
    if (--this.#breakable === 0) this.#leaveBreakable();
  }

  /** Whether there is a request that {@link take} hasn't consumed. */
  get requested(): boolean {
    return Atomics.load(this.flag, REQUESTED) === 1;
  }

  /** Consumes a request; false if there is none. */
  take(): boolean {
    const taken = Atomics.exchange(this.flag, REQUESTED, 0) === 1;
    this.#update();
    return taken;
  }

  /** Consumes the request for which a signal broke the running code. */
  takeBroken(): void {
    Atomics.store(this.flag, SIGNALLED, 0);
    this.take();
  }

  /** Makes loops check the flag until the work of an interrupted cell has ended. */
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
