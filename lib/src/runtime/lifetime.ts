/**
 * Keeps libtensorflow loaded until the process ends, and its destructors from running. Its threads continue while the
 * process exits, and would crash if it were unloaded or its static objects were destroyed.
 */
import { koffi, type NativeLibrary } from './koffi';

/** The `dlopen` flags that keep a library loaded: `RTLD_NOW | RTLD_NODELETE`. */
export const keepingFlags: Partial<Record<NodeJS.Platform, number>> = { linux: 0x2 | 0x1000, darwin: 0x2 | 0x80 };

/**
 * Keeps a shared object in memory. koffi unloads a library when the JavaScript thread that loaded it ends, even a
 * worker thread, while others may be using it, and loading it again would register everything twice.
 *
 * @returns the handle for `dlsym`
 */
export function keepLoaded(file: string): bigint | null {
  const flag = keepingFlags[process.platform];
  return flag === undefined
    ? null
    : koffi().load(null).func<bigint | null>('void *dlopen(const char *, int)')(file, flag);
}

/**
 * Makes the process exit without running libtensorflow's destructors, however it exits: they race with the threads that
 * compute, and with gRPC's. Functions registered last with the C library are called first, after Node has finished
 * (`exit` listeners, output); this one passes the exit code to `_exit`. It is registered now and again when the process
 * exits, because the library registers more in between. Only glibc has `on_exit`.
 *
 * `_exit` skips one function that Node registers: it restores the state of terminals and pipes. Otherwise, programs
 * that share them would find them in non-blocking mode. So it is called here.
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

/** The mangled name of `node::ResetStdio()`. */
const NODE_RESET_STDIO = '_ZN4node10ResetStdioEv';
