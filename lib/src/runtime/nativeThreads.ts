/**
 * Threads that run one native function at a time and no JavaScript, for calls that take long or may never return.
 * Node's own pool has four threads, shared by files, DNS, compression and cryptography: four blocked calls there would
 * block all file access and keep the process from exiting. A worker thread per call would cost 7 MB and 40 ms; these
 * threads cost 40 kB and less than 0.1 ms.
 *
 * A thread can't start with a JavaScript function. So a thread executes a chain of the C library's contexts
 * (`makecontext`). Each context is a call of a C function, and continues with the next one when it returns:
 *
 *     wait (sem_wait) → work (the requested function) → tell (write to a pipe) → the other wait → work → the other tell → wait …
 *
 * While the thread waits, JavaScript prepares the next round, then wakes it up; the event loop polls the pipe. There
 * are two `wait`s and two `tell`s because a context can't be prepared again before the thread has left it.
 *
 * @see man 3 makecontext, man 3 pthread_create
 */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { isMainThread } from 'node:worker_threads';
import { deferred } from '../../shared/deferred.cjs';
import type { Pointer } from './capi';
import { denormals } from './denormals';
import { ResourceExhaustedError } from './errors';
import { koffi, type PollHandle } from './koffi';
import { keepLoaded } from './lifetime';
import { advice, madviseOf } from './madvise';
import { signalBlocker } from './signals';

/**
 * Whether such threads work here: glibc's `makecontext` on x64 passes 64-bit arguments; other platforms weren't tried.
 * Bun crashes when a pipe is polled, and Deno never reports data.
 */
export function hasNativeThreads(): boolean {
  const isNode = !('bun' in process.versions || 'deno' in process.versions);
  available ??= isNode && process.platform === 'linux' && process.arch === 'x64' && isGlibc();
  return available;
}
let available: boolean | undefined;

function isGlibc(): boolean {
  try {
    koffi().load(null).func('const char *gnu_get_libc_version()');
    return true;
  } catch {
    return false;
  }
}

/** The maximum number of threads: more of them indicate that something is started and never ended. */
const MOST_THREADS = 4096;

/** The maximum number of idle threads kept for later calls. */
const MOST_IDLE = 32;

/** The parts of a thread's memory; the system provides pages on first access. */
const bytes = {
  /** A guard page below the stack. */
  guard: 4096,
  /** The stack of the called function, as large as that of TensorFlow's own threads. */
  stack: 8 * 2 ** 20,
  /** The stack on which the thread begins and ends, including its thread-local variables. */
  ownStack: 2 ** 18,
  /** The stack of `sem_wait` and `write`. */
  smallStack: 2 ** 15,
  /** A `ucontext_t`, or a semaphore. */
  context: 4096,
};
const THREAD_BYTES = bytes.guard + bytes.stack + bytes.ownStack + 4 * bytes.smallStack + 6 * bytes.context;

/** The number of arguments of `TF_SessionRun`. */
const MOST_ARGUMENTS = 12;

/** `PROT_READ | PROT_WRITE`; `MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK`; `O_CLOEXEC | O_NONBLOCK`; `POLLIN`. */
const linux = { readWrite: 0x3, stackMemory: 0x24022, pipeFlags: 0o2004000, pollIn: 1 };

/** A `ucontext_t` and its stack. */
interface Context {
  readonly pointer: Pointer;
  readonly stack: Pointer;
  readonly stackBytes: number;
}

type LibC = ReturnType<typeof bind>;
let bound: LibC | undefined;

function bind() {
  const libc = koffi().load(null);
  const find = libc.func<Pointer>('void *dlsym(void *, const char *)');
  const address = (name: string): Pointer => find(null, name);
  return {
    mmap: libc.func<Pointer>('void *mmap(void *, size_t, int, int, int, int64_t)'),
    munmap: libc.func('int munmap(void *, size_t)'),
    madvise: madviseOf(libc),
    mprotect: libc.func('int mprotect(void *, size_t, int)'),
    memcpy: libc.func('void *memcpy(void *, const void *, size_t)'),
    getcontext: libc.func('int getcontext(void *)'),
    makecontext: libc.func('makecontext', 'void', [
      'void *',
      'void *',
      'int',
      ...Array(MOST_ARGUMENTS).fill('int64_t'),
    ]),
    semInit: libc.func('int sem_init(void *, int, uint)'),
    semPost: libc.func('int sem_post(void *)'),
    attributesInit: libc.func('int pthread_attr_init(void *)'),
    attributesSetStack: libc.func('int pthread_attr_setstack(void *, void *, size_t)'),
    create: libc.func('int pthread_create(void *, void *, void *, void *)'),
    join: libc.func('int pthread_join(uint64_t, void *)'),
    pipe: libc.func('int pipe2(void *, int)'),
    poll: libc.func('int poll(void *, uint64_t, int)'),
    read: libc.func('int64_t read(int, void *, size_t)'),
    close: libc.func('int close(int)'),
    setcontextAddress: address('setcontext'),
    semWaitAddress: address('sem_wait'),
    writeAddress: address('write'),
    exitAddress: address('pthread_exit'),
    withoutSignals: signalBlocker(libc),
    ...denormals(libc),
  };
}

/** A call in progress in another thread. */
export interface NativeCall {
  /** Resolves when the function has returned. */
  readonly returned: Promise<void>;
  /** Declares that nobody waits for the call any more: from then on it doesn't keep the process alive. */
  abandon(): void;
}

/**
 * Calls the C function at `address` in another thread, which flushes denormals to 0 (see `denormals.ts`).
 *
 * @param args integers and pointers, at most 12; pointers must refer to native memory that remains until the call has
 * returned
 * @param onReturn called when the function has returned, before promises are resolved; it must not throw
 * @throws {ResourceExhaustedError} when there are too many threads
 */
export function callInThread(
  address: Pointer,
  args: readonly (Pointer | number | null)[],
  onReturn: () => void,
): NativeCall {
  const returns = pool.pipe; // first, because it may fail: a thread that was already taken would be lost
  const thread = pool.idle.pop() ?? new NativeThread();
  const { promise: returned, resolve } = deferred<void>();
  const call = { onReturn, resolve, awaited: true };
  returns.await(1);
  pool.running.set(thread.id, { thread, call });
  thread.call(
    address,
    args.map((value) => BigInt(value ?? 0)),
  );
  return {
    returned,
    abandon() {
      if (call.awaited) returns.await(-1);
      call.awaited = false;
    },
  };
}

/** Resolves `returned` of the calls that have returned. */
function noticeReturned(): void {
  const { read } = libc();
  const { idle, running, pipe } = pool;
  const ids = new BigInt64Array(256);
  for (let length = ids.byteLength; length === ids.byteLength; ) {
    length = Number(read(pipe.readEnd, ids, ids.byteLength));
    for (let i = 0; i < length / 8; i++) {
      const { thread, call } = running.get(Number(ids[i]))!;
      running.delete(thread.id);
      if (call.awaited) pipe.await(-1);
      call.awaited = false;
      if (idle.length < MOST_IDLE) idle.push(thread);
      else thread.end();
      call.onReturn();
      call.resolve();
    }
  }
}

/** Blocks this thread until a call has returned, for at most a number of milliseconds. */
export function waitForReturns(milliseconds: number): void {
  // struct pollfd { int fd; short events; short revents; }
  const readable = Int32Array.of(pool.pipe.readEnd, linux.pollIn);
  if (libc().poll(readable, 1, Math.ceil(milliseconds)) > 0) noticeReturned();
}

interface Call {
  readonly onReturn: () => void;
  readonly resolve: () => void;
  awaited: boolean;
}

/** The threads that belong to this JavaScript thread, and the pipe that reports when calls return. */
class ThreadPool {
  readonly idle: NativeThread[] = [];
  readonly running = new Map<number, { thread: NativeThread; call: Call }>();
  #made = 0;
  #pipe: Pipe | undefined;

  /** An id for a new thread. */
  nextId(): number {
    return this.#made++;
  }

  get pipe(): Pipe {
    if (this.#pipe === undefined) {
      this.#pipe = new Pipe();
      if (!isMainThread) keepLoaded(koffiFile());
      // A return reported while Node tears down its environment would call JavaScript, for which koffi aborts the
      // process.
      process.on('exit', () => (isMainThread ? this.#pipe?.stopPolling() : this.#end()));
    }
    return this.#pipe;
  }

  /** When a worker thread ends, the process continues: the worker's idle threads end with it. */
  #end(): void {
    for (const thread of this.idle.splice(0)) thread.end();
    this.#pipe?.close();
  }
}

const pool = new ThreadPool();

function libc(): LibC {
  bound ??= bind();
  return bound;
}

/** A thread that is idle or working. */
class NativeThread {
  readonly id = pool.nextId();
  readonly #memory: Pointer;
  readonly #thread: bigint;
  readonly #semaphore: Pointer;
  /** The location of `id`, for `write`. */
  readonly #idMemory: Pointer;
  readonly #work: Context;
  readonly #waits: readonly [Context, Context];
  readonly #tells: readonly [Context, Context];
  /** Which of the two `wait`s the thread is in, or will reach next. */
  #turn: 0 | 1 = 0;

  constructor() {
    if (pool.idle.length + pool.running.size >= MOST_THREADS)
      throw new ResourceExhaustedError(
        `${MOST_THREADS} runs are under way at once, and none of them ends: is something waited for that never comes?`,
      );
    const { mmap, munmap, madvise, mprotect } = libc();
    this.#memory = mmap(null, THREAD_BYTES, linux.readWrite, linux.stackMemory, -1, 0);
    if (BigInt.asIntN(64, this.#memory ?? -1n) === -1n)
      throw new ResourceExhaustedError('no memory for another thread');
    try {
      madvise(this.#memory, THREAD_BYTES, advice.smallPages);
      mprotect(this.#memory, bytes.guard, 0);
      const { memcpy, semInit, create, attributesInit, attributesSetStack } = libc();
      let next = this.#memory + BigInt(bytes.guard);
      const take = (size: number): Pointer => {
        next += BigInt(size);
        return next - BigInt(size);
      };
      const contextOn = (stackBytes: number): Context => ({
        stack: take(stackBytes),
        stackBytes,
        pointer: take(bytes.context),
      });
      this.#work = contextOn(bytes.stack);
      const ownStack = take(bytes.ownStack);
      this.#waits = [contextOn(bytes.smallStack), contextOn(bytes.smallStack)];
      this.#tells = [contextOn(bytes.smallStack), contextOn(bytes.smallStack)];
      this.#semaphore = take(bytes.context);
      this.#idMemory = this.#semaphore + 64n;
      semInit(this.#semaphore, 0, 0);
      memcpy(this.#idMemory, BigInt64Array.of(BigInt(this.id)), 8);
      this.#captureContexts();

      const attributes = new Uint8Array(64);
      attributesInit(attributes);
      attributesSetStack(attributes, ownStack, bytes.ownStack);
      const thread = new BigUint64Array(1);
      this.#layOut(this.#waits[0], libc().semWaitAddress, [this.#semaphore], this.#work);
      const failure = create(thread, attributes, libc().setcontextAddress, this.#waits[0].pointer);
      this.#thread = thread[0]!;
      if (failure !== 0)
        throw new ResourceExhaustedError(
          `the system starts no more threads (${pool.running.size} of this process run)`,
        );
    } catch (error) {
      munmap(this.#memory, THREAD_BYTES);
      throw error;
    }
  }

  call(address: Pointer, args: readonly bigint[]): void {
    const { semWaitAddress, writeAddress, semPost } = libc();
    this.#turn = this.#turn === 0 ? 1 : 0;
    const wait = this.#waits[this.#turn];
    const tell = this.#tells[this.#turn];
    this.#layOut(wait, semWaitAddress, [this.#semaphore], this.#work);
    this.#layOut(tell, writeAddress, [BigInt(pool.pipe.writeEnd), this.#idMemory, 8n], wait);
    this.#layOut(this.#work, address, args, tell);
    semPost(this.#semaphore);
  }

  /** Ends the thread, which must be idle, and frees its memory. */
  end(): void {
    const { exitAddress, semPost, join, munmap } = libc();
    this.#layOut(this.#work, exitAddress, [0n], undefined);
    semPost(this.#semaphore);
    join(this.#thread, null);
    munmap(this.#memory, THREAD_BYTES);
  }

  /** Contexts inherit the state set here: all signals blocked, denormals flushed. */
  #captureContexts(): void {
    const { getcontext, withoutSignals, flushDenormals, keepDenormals } = libc();
    withoutSignals(() => {
      flushDenormals();
      try {
        for (const { pointer } of [this.#work, ...this.#waits, ...this.#tells]) getcontext(pointer);
      } finally {
        keepDenormals();
      }
    });
  }

  /** Sets up a context as a call that continues with `next`. */
  #layOut(
    { pointer, stack, stackBytes }: Context,
    address: Pointer,
    args: readonly bigint[],
    next: Context | undefined,
  ) {
    const { memcpy, makecontext } = libc();
    // ucontext_t { flags; ucontext_t *uc_link; stack_t uc_stack { void *ss_sp; int ss_flags; size_t ss_size }; … }
    memcpy(pointer + 8n, BigInt64Array.of(next?.pointer ?? 0n, stack, 0n, BigInt(stackBytes)), 32);
    const padded = Array.from({ length: MOST_ARGUMENTS }, (_, i) => args[i] ?? 0n);
    makecontext(pointer, address, args.length, ...padded);
  }
}

/** The pipe through which threads report that a call has returned. */
class Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
  readonly #poll: PollHandle;
  #awaited = 0;
  #isPolling = true;

  constructor() {
    const ends = new Int32Array(2);
    if (libc().pipe(ends, linux.pipeFlags) !== 0) throw new ResourceExhaustedError('too many open files for a thread');
    [this.readEnd, this.writeEnd] = ends as unknown as [number, number];
    try {
      // In a turn of the event loop of Node's own: from Node 26 on, promises aren't handled after koffi's callbacks.
      this.#poll = koffi().node.poll(this.readEnd, { readable: true }, () => setImmediate(noticeReturned));
    } catch (error) {
      this.#closeEnds();
      throw error;
    }
    this.#poll.unref();
  }

  /** Keeps the process alive while something is awaited. */
  await(change: 1 | -1): void {
    this.#awaited += change;
    if (!this.#isPolling) return;
    if (this.#awaited === 1 && change === 1) this.#poll.ref();
    if (this.#awaited === 0) this.#poll.unref();
  }

  /** From now on, returning calls are not reported. */
  stopPolling(): void {
    if (this.#isPolling) this.#poll.close();
    this.#isPolling = false;
  }

  close(): void {
    this.stopPolling();
    // A working thread would otherwise write to whatever file gets the same descriptor.
    if (pool.running.size === 0) this.#closeEnds();
  }

  #closeEnds(): void {
    libc().close(this.readEnd);
    libc().close(this.writeEnd);
  }
}

/**
 * The file of koffi's native addon. Node unloads it with the worker thread, before the event loop has closed koffi's
 * handle.
 */
function koffiFile(): string {
  return /\/.*koffi.*\.node$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? '';
}
