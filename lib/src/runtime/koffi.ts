/**
 * Loads koffi's native addon, of which there is one package per platform. The package `koffi` would choose the right
 * one, but it has an install script, which makes pnpm fail and npm warn, and it contains all sources.
 */
import { FailedPreconditionError } from './errors';

/** A function of a native library. */
export type NativeFunction<R> = (...args: readonly (bigint | number | string | ArrayBufferView | null)[]) => R;

/** The type of a parameter: the name of a C type, or a type created by koffi. */
export type NativeType = string | { readonly name: string };

/** A native library. */
export interface NativeLibrary {
  /** A function, given by its C declaration. */
  func<R = number>(declaration: string): NativeFunction<R>;
  func<R = number>(name: string, result: string, parameters: readonly NativeType[]): NativeFunction<R>;
}

/** Watches a pipe for data. */
export interface PollHandle {
  ref(): void;
  unref(): void;
  close(): void;
}

/** The part of koffi that is used. */
export interface Koffi {
  /** Loads a library; for `null`, everything that the process has loaded. */
  load(file: string | null, options?: { global?: boolean }): NativeLibrary;
  config(): object;
  config(settings: object): object;
  pointer(to: string): { readonly name: string };
  struct(members: Record<string, NativeType>): { readonly name: string };
  readonly node: {
    poll(descriptor: number, events: { readable?: boolean }, onEvent: () => void): PollHandle;
  };
}

/** The stack size of TensorFlow's own threads; koffi's default is smaller, and far smaller for asynchronous calls. */
const STACK_BYTES = 8 * 2 ** 20;

/** The maximum that koffi allows. */
const MOST_ASYNC_CALLS = 4096;

let isSet = false;

/**
 * koffi, loaded by the first call.
 *
 * @throws {FailedPreconditionError} when this platform's package isn't installed
 */
export function koffi(): Koffi {
  const ffi = installed();
  if (!isSet) set(ffi);
  isSet = true;
  return ffi;
}

/** Settings can't be changed once any library has been loaded, including the C library. */
function set(ffi: Koffi): void {
  try {
    ffi.config({
      ...ffi.config(),
      sync_stack_size: STACK_BYTES,
      async_stack_size: STACK_BYTES,
      max_async_calls: MOST_ASYNC_CALLS,
    });
  } catch {
    // Other code in this process has used koffi to load a library first; its settings remain.
  }
}

function installed(): Koffi {
  const name = `@koromix/koffi-${process.platform}-${process.arch}`;
  try {
    return require(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new FailedPreconditionError(
      `libtensorflow is called by ${name}, which is not installed; install tf-mechanics with its optional dependencies, on the platform on which it is to run`,
    );
  }
}
