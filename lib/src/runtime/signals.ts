/**
 * Keeping signals away from threads that compute. The matrix products of libtensorflow (oneDNN's generated code) use the stack pointer
 * for scratch memory on the heap; the frame of a signal that arrives meanwhile is written beyond it, and the heap is damaged. Where the
 * session runs in the caller's thread, Ctrl-C would do that.
 */
import { constants } from 'node:os';
import type { NativeLibrary } from './koffi';

/** Those that Node handles, or that come by themselves; not those that a fault raises in its thread, or a profiler, for which there is {@link profiling}. */
const names = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGUSR2',
  'SIGALRM',
  'SIGTERM',
  'SIGCHLD',
  'SIGCONT',
  'SIGWINCH',
] as const;

/** Larger than any system's `sigset_t`. */
const SIGNAL_SET_BYTES = 128;

const [SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK] = process.platform === 'darwin' ? [1, 2, 3] : [0, 1, 2];

/** Signals by their names, as the C library has a set of them. */
function setOf(libc: NativeLibrary, names: readonly NodeJS.Signals[]): Uint8Array {
  const set = new Uint8Array(SIGNAL_SET_BYTES);
  libc.func('int sigemptyset(void *)')(set);
  const add = libc.func('int sigaddset(void *, int)');
  for (const name of names) add(set, constants.signals[name]);
  return set;
}

const maskSetterOf = (libc: NativeLibrary) => libc.func('int pthread_sigmask(int, const void *, void *)');

/**
 * Has signals delivered to other threads than this one, and those that it starts: Node's own take them, and its handlers are called as
 * before. Child processes are not concerned, since Node starts them with no signal blocked.
 */
export function leaveSignalsToOtherThreads(libc: NativeLibrary): void {
  if (process.platform !== 'win32') maskSetterOf(libc)(SIG_BLOCK, setOf(libc, names), null);
}

/** When a JavaScript thread may be looked at by V8's profiler (`--cpu-prof`, an inspector), which sends it a signal for every look. */
export interface Profiling {
  /** Has looks at this thread wait. A pair of calls takes a microsecond. */
  holdProfiler(): void;
  /** Has them go on, one that has waited first: it sees the JavaScript that has called. */
  releaseProfiler(): void;
}

export function profiling(libc: NativeLibrary): Profiling {
  if (process.platform === 'win32') return { holdProfiler: () => {}, releaseProfiler: () => {} };
  const [looks, setMask] = [setOf(libc, ['SIGPROF']), maskSetterOf(libc)];
  return {
    holdProfiler: () => setMask(SIG_BLOCK, looks, null),
    releaseProfiler: () => setMask(SIG_UNBLOCK, looks, null),
  };
}

/** A function that runs another while this thread gets no signal at all; what that saves of the thread's state says so. */
export function signalBlocker(libc: NativeLibrary): (use: () => void) => void {
  const setMask = maskSetterOf(libc);
  const [all, before] = [new Uint8Array(SIGNAL_SET_BYTES), new Uint8Array(SIGNAL_SET_BYTES)];
  libc.func('int sigfillset(void *)')(all);
  return (use) => {
    setMask(SIG_SETMASK, all, before);
    try {
      use();
    } finally {
      setMask(SIG_SETMASK, before, null);
    }
  };
}
