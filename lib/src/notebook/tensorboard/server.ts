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
  /** Ends it; fulfilled when it has ended. */
  stop(): Promise<void>;
  /** Fulfilled when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

/** What is kept of what it says, in characters: what it says last matters. */
const MAX_OUTPUT = 4000;

/** What to start. */
export interface ServerOptions {
  /** The folder that it shows. */
  readonly logdir: string;
  readonly port: number;
  /** The path below which it answers, without a `/` at its end; `''` for the root. */
  readonly pathPrefix: string;
  /** How long it may take to answer, in milliseconds. */
  readonly timeout: number;
}

/**
 * Starts TensorBoard and waits until it answers.
 *
 * @param command TensorBoard's
 * @throws {UnavailableError} when it ends at once, with what it said
 * @throws {DeadlineExceededError} when it doesn't answer
 */
export async function startServer(
  command: string,
  { logdir, port, pathPrefix, timeout }: ServerOptions,
): Promise<Server> {
  const args = ['--host', '127.0.0.1', '--port', `${port}`, '--logdir', logdir];
  // New points appear while the net still trains; TensorBoard's own interval is 5 s.
  args.push('--reload_interval', '2');
  if (pathPrefix) args.push('--path_prefix', pathPrefix);
  // A group of its own: who interrupts a kernel interrupts its whole group.
  const child = spawn(process.execPath, ['-e', watcher, command, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-MAX_OUTPUT);
  });
  child.stdin.on('error', () => {}); // it has ended already
  let isRunning = true;
  const { promise, resolve } = deferred<void>();
  child.on('error', () => resolve()).on('close', () => resolve());
  child.on('exit', () => setTimeout(resolve, 500).unref()); // what it has started may hold on to its standard error
  const ended = promise.then(() => {
    isRunning = false;
  });
  // A program that has nothing else to do ends, and TensorBoard with it.
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
      // Another one may answer at this port: ours ends then.
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

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address()! as { port: number };
      server.close(() => resolve(port));
    });
  });
}
