/** `train --cluster local` in a process, whose tasks tests can end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect } from 'vitest';
import { isAlive } from '../../lib/shared/folderLock.cjs';

const root = path.join(__dirname, '..', '..');
const program = path.join(root, 'lib/bin/tf-mechanics.js');

/** What a program has said so far, and how it ended. */
export class LocalTraining {
  stdout = '';
  stderr = '';
  readonly process: ChildProcess;
  readonly #closed: Promise<unknown[]>;

  constructor(folder: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.process = spawn(process.execPath, [program, 'train', ...words], {
      cwd: folder,
      env: { ...process.env, ...env },
      detached: true, // a group of its own, as a terminal's
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout!.on('data', (text) => (this.stdout += text));
    this.process.stderr!.on('data', (text) => (this.stderr += text));
    this.#closed = once(this.process, 'close');
  }

  /** The exit code, or the signal, when it has ended. */
  async ended(): Promise<number | string> {
    const [code, signal] = await this.#closed;
    return (code ?? signal) as number | string;
  }

  /** Waits until it has said something. */
  async said(text: string | RegExp): Promise<void> {
    await expect
      .poll(() => (this.#hasEnded ? `ended: ${this.stdout}${this.stderr}` : this.stdout), {
        timeout: 150_000,
        interval: 50,
      })
      .toMatch(text);
  }

  /** The processes of its tasks, by their names, as far as they are known to have been started. */
  get pids(): Map<string, number> {
    const started = this.stdout.matchAll(/(\w+ \d+) at 127\.0\.0\.1:\d+ \(process (\d+)\)/g);
    return new Map([...started].map(([, name, pid]) => [name!, Number(pid)]));
  }

  /** All processes that its tasks ever had. */
  get allPids(): number[] {
    return [...this.stdout.matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid));
  }

  /** Ends a task by SIGKILL. */
  kill(name: string): void {
    process.kill(this.pids.get(name)!, 'SIGKILL');
  }

  /** Waits until it has taken some steps more. */
  async progresses(): Promise<void> {
    const from = this.#lastStep;
    await expect
      .poll(() => (this.#hasEnded ? 'ended' : this.#lastStep > from), { timeout: 150_000, interval: 50 })
      .toBe(true);
  }

  /** What Ctrl-C does: a signal to all processes of the terminal. */
  interrupt(): void {
    process.kill(-this.process.pid!, 'SIGINT');
  }

  /** Ends it at once, whatever its tasks do. */
  kill9(): void {
    this.process.kill('SIGKILL');
  }

  /** Ends it in any case. */
  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#closed;
    await this.leavesNothing();
  }

  /** Waits until none of its tasks' processes is left. */
  async leavesNothing(): Promise<void> {
    await expect.poll(() => this.allPids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);
  }

  /** The number of lines that tell of steps. */
  get #lastStep(): number {
    return this.stdout.match(/^Step \d+: /gm)?.length ?? 0;
  }

  get #hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
}
