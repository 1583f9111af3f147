/**
 * Keeps libtensorflow loaded until the process ends, and its destructors from running. Its threads continue while the
 * process exits, and would crash if it were unloaded or its static objects were destroyed.
 */
import { koffi, type NativeLibrary } from './koffi';

/** What `dlopen` is told by which a library stays: `RTLD_NOW | RTLD_NODELETE`. */
export const keepingFlags: Partial<Record<NodeJS.Platform, number>> = { linux: 0x2 | 0x1000, darwin: 0x2 | 0x80 };

/**
 * Keeps a shared object in memory whoever lets go of it: koffi unloads a library when the JavaScript thread that loaded it ends, a worker
 * thread too, while others may use it, and a second load would register everything twice.
 *
 * @returns what `dlsym` finds its functions by
 */
export function keepLoaded(file: string): bigint | null {
  const flag = keepingFlags[process.platform];
  return flag === undefined
    ? null
    : koffi().load(null).func<bigint | null>('void *dlopen(const char *, int)')(file, flag);
}

/**
 * Ends the process without the destructors of libtensorflow, whatever ends it: they race with the threads that compute, and with those of
 * gRPC. What is registered last with the C library is called first, after Node has done everything it does at an end (listeners of
 * `exit`, output): the exit code goes to `_exit`. It is registered now, and again when the process ends, since the library has registered more
 * by then. Only glibc has `on_exit`.
 *
 * Node registers one thing itself, which `_exit` would leave out: terminals and pipes get back the state that they had, or the program that
 * shares them would find that its writes don't wait any more.
 */
export function leaveWithoutDestructors(libc: NativeLibrary): void {
  if (process.platform !== 'linux') return;
  const addressOf = libc.func<bigint | null>('void *dlsym(void *, const char *)');
  const onExit = libc.func('int on_exit(void *, void *)');
  const [exit, resetStdio] = [addressOf(null, '_exit'), addressOf(null, NODE_RESET_STDIO)];
  const register = () => {
    onExit(exit, null);
    if (resetStdio) onExit(resetStdio, null);
  };
  register();
  process.on('exit', register);
}

/** `node::ResetStdio()` as the linker names it. */
const NODE_RESET_STDIO = '_ZN4node10ResetStdioEv';
