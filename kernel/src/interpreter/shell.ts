/**
 * `$`, from zx, through which cells run shell commands. Their output is the cell's; an interrupt ends them, and so does
 * the end of the kernel, however it comes.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type * as Zx from 'zx/core';
import { currentCell } from './cell';
import { replace } from './process';

/** How long, in milliseconds, an interrupted command may take to end. */
const GRACE = 1_000;

/** The number of lines of a failed command's output in its error. */
const LINES = 20;

/** Defines `$` for cells, loading zx on first use. Returns a function that undoes it and ends running commands. */
export function takeShell(): () => void {
  const groups = new ProcessGroups();
  let shell: unknown;
  const restore = replace(globalThis, '$', {
    configurable: true,
    get: () => {
      shell ??= load(groups);
      return shell;
    },
    set: (value) => {
      shell = value;
    },
  });
  return () => {
    restore();
    groups.end();
  };
}

function load(groups: ProcessGroups): Zx.$ {
  const { $, defaults, ProcessOutput, ProcessPromise } = require('zx/core') as typeof Zx;
  Object.assign(defaults, {
    verbose: true,
    log,
    spawn: (command: string, args: string[], options: SpawnOptions) => {
      const child = spawn(command, args, { ...options, detached: true });
      groups.add(child, currentCell.getStore()?.signal);
      return child;
    },
  });
  // The working directory when the command starts, not when zx was loaded.
  Object.defineProperty(defaults, 'cwd', { configurable: true, enumerable: true, get: () => process.cwd() });
  Object.assign(ProcessOutput, { getExitMessage: exitMessage });
  // Its output was printed already.
  Object.assign(ProcessOutput.prototype, { [Symbol.for('Jupyter.display')]: () => ({}) });
  const isCommand = (value: unknown): value is Zx.ProcessPromise => value instanceof ProcessPromise;
  return new Proxy($, {
    get: (target, key) => (key === 'sync' ? refuseSync() : Reflect.get(target, key)),
    apply: (target, self, parameters) => {
      if ((parameters[0] as Partial<Zx.Options> | undefined)?.sync) refuseSync();
      return withPlace(Reflect.apply(target, self, parameters), isCommand);
    },
  });
}

function refuseSync(): never {
  throw new Error('nothing could end a command that is not awaited: write await $`…` in the place of $.sync`…`');
}

/**
 * Wraps a command so that its error names the line of the cell that ran it; also wraps functions that create commands.
 */
function withPlace(made: unknown, isCommand: (value: unknown) => value is Zx.ProcessPromise): unknown {
  if (typeof made === 'function') return (...parameters: unknown[]) => withPlace(made(...parameters), isCommand);
  if (!isCommand(made)) return made;
  const place = { stack: '' };
  Error.captureStackTrace(place, withPlace);
  const { then } = made;
  const value = (done?: (output: Zx.ProcessOutput) => unknown, failed?: (error: unknown) => unknown) =>
    then.call(made, done, (error: Error) => {
      const [, ...frames] = place.stack.split('\n');
      Object.defineProperty(error, 'stack', {
        configurable: true,
        value: [`Error: ${error.message}`, ...frames].join('\n'),
      });
      if (failed) return failed(error);
      throw error;
    });
  return Object.defineProperty(made, 'then', { configurable: true, writable: true, value });
}

/** Shows a command's output. */
function log(entry: Zx.LogEntry): void {
  if (!entry.verbose) return;
  if (entry.kind === 'stdout') process.stdout.write(entry.data);
  if (entry.kind === 'stderr') process.stderr.write(entry.data);
}

function exitMessage(code: number | null, signal: string | null, stderr: string, _from: string, details = ''): string {
  const lines = (stderr.trim() || details.trim()).split('\n').slice(-LINES);
  const ended = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  return [`the command ${ended}`, lines.join('\n')].filter(Boolean).join(': ');
}

/** Running commands, each with its process group. */
class ProcessGroups {
  readonly #ids = new Set<number>();
  #watcher: ChildProcess | undefined;

  /** @param signal ends the command and its background processes */
  add(child: ChildProcess, signal: AbortSignal | undefined): void {
    const { pid } = child;
    if (pid === undefined) return; // it failed to start; zx reports that
    for (const id of this.#ids) this.#dropEnded(id); // before the system reuses their ids
    this.#ids.add(pid);
    this.#tell(`+ ${pid}`);
    const interrupt = () => {
      sendSignal(pid, 'SIGTERM');
      setTimeout(() => this.#ids.has(pid) && sendSignal(pid, 'SIGKILL'), GRACE).unref();
    };
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    child.once('exit', () => {
      if (this.#dropEnded(pid)) signal?.removeEventListener('abort', interrupt);
    });
  }

  /** Ends all groups. */
  end(): void {
    for (const id of this.#ids) sendSignal(id, 'SIGKILL');
    this.#ids.clear();
    this.#watcher?.stdin?.end();
  }

  #dropEnded(id: number): boolean {
    if (sendSignal(id, 0)) return false;
    this.#ids.delete(id);
    this.#tell(`- ${id}`);
    return true;
  }

  #tell(line: string): void {
    this.#watcher ??= startWatcher();
    this.#watcher.stdin?.write(`${line}\n`);
  }
}

/** Sends a signal to a process group; returns whether the group exists. */
function sendSignal(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, signal);
  } catch {
    return false;
  }
}

/**
 * A watcher process that learns of the groups and ends those that remain when its pipe closes: the kernel was killed.
 */
const WATCH = `
groups=
while read -r sign id; do
  left=
  for group in $groups; do [ "$group" = "$id" ] || left="$left $group"; done
  groups=$left
  [ "$sign" = + ] && groups="$groups $id"
done
for group in $groups; do kill -s KILL -- "-$group"; done`;

function startWatcher(): ChildProcess {
  const watcher = spawn('sh', ['-c', WATCH], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.on('error', () => {}); // without a shell there are no commands
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return watcher;
}
