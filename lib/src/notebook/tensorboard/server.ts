/** Starts TensorBoard as a process that ends with ours. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../../../shared/deferred.cjs';
import { DeadlineExceededError, UnavailableError } from '../../runtime/errors';
import { notebookHost, throwIfInterrupted } from '../../runtime/notebookHost';
import { dataLocation } from './instances';
import { watcher } from './watcher';

/** A TensorBoard that this process has started. */
export interface Server {
  readonly port: number;
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>;
  /** Resolves when it has ended for any reason. */
  readonly ended: Promise<void>;
}

/** How much of its output is kept, in characters: the end matters. */
const MAX_OUTPUT = 4000;

/** Options of starting TensorBoard. */
export interface ServerOptions {
  /** The folder to serve. */
  readonly logdir: string;
  readonly port: number;
  /** The path prefix, without a trailing `/`; `''` for the root. */
  readonly pathPrefix: string;
  /** How long it may take to respond, in milliseconds. */
  readonly timeout: number;
}

/**
 * Starts TensorBoard and waits until it responds.
 *
 * @param command the command that starts TensorBoard
 * @throws {UnavailableError} when it ends immediately, with its output
 * @throws {DeadlineExceededError} when it doesn't respond
 */
export async function startServer(
  command: string,
  { logdir, port, pathPrefix, timeout }: ServerOptions,
): Promise<Server> {
  const args = ['--host', '127.0.0.1', '--port', `${port}`, '--logdir', logdir];
  // New points should appear while the network is still training; TensorBoard's default is 5 s.
  args.push('--reload_interval', '2');
  if (pathPrefix) args.push('--path_prefix', pathPrefix);
  // In a process group of its own: interrupting a kernel interrupts its whole group.
  const child = spawn(process.execPath, ['-e', watcher, command, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-MAX_OUTPUT);
  });
  child.stdin.on('error', () => {}); // it has already ended
  let isRunning = true;
  const { promise, resolve } = deferred<void>();
  child.on('error', () => resolve()).on('close', () => resolve());
  child.on('exit', () => setTimeout(resolve, 500).unref()); // its child processes may keep its standard error open
  const ended = promise.then(() => {
    isRunning = false;
  });
  // A program with nothing else to do ends, and TensorBoard with it.
  child.unref();
  (child.stdin as Socket).unref();
  (child.stderr as Socket).unref();
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  const deadline = performance.now() + timeout;
  try {
    notebookHost()?.onExit(() => void stop());
    for (;;) {
      if (!isRunning) throw new UnavailableError(`TensorBoard has ended (${command}):\n${output.trim()}`);
      // Another server may respond on this port: ours then ends.
      if ((await dataLocation(port, pathPrefix)) === logdir) return { port, stop, ended };
      if (performance.now() > deadline)
        throw new DeadlineExceededError(
          `TensorBoard doesn't answer after ${timeout / 1000} s (${command}):\n${output.trim()}`,
        );
      throwIfInterrupted();
      await sleep(100);
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that is currently free. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address()! as { port: number };
      server.close(() => resolve(port));
    });
  });
}
