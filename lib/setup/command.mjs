/** Runs other programs: quietly, with progress, and so that Ctrl-C ends them before this process. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from './atomic.mjs';
import { showProgress } from './progress.mjs';

/** An error that says what is wrong and what to do; printed without a stack. */
export class SetupError extends Error {
  code = 'ERR_SETUP';
}

/** Ctrl-C or another signal that asks this process to end. */
export class Interrupted extends Error {
  constructor(signal) {
    super('interrupted: run it again and it goes on from here');
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** A failed program: `output` contains what it wrote, `signal` the signal that ended it, if any. */
export class CommandError extends Error {
  constructor(command, { code, signal, output }) {
    super(`${command} ${signal ? `was ended by ${signal}` : `failed (exit code ${code})`}`);
    this.signal = signal;
    this.output = output;
  }
}

/** How long, in milliseconds, a program may take to end; npm would spend half a minute rolling back. */
const grace = 1_500;

/** The running process groups, as negative ids for `process.kill`. */
const running = new Set();
const listeners = new Set();
let interruptedBy;

/** Calls `listener` with the running process groups whenever they change. */
export function onChildrenChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Runs `work` such that Ctrl-C and similar signals end the running program with all its children; `work` then fails
 * with `Interrupted`, and its `finally` blocks clean up.
 */
export async function interruptibly(work) {
  const stop = (signal) => {
    interruptedBy = signal;
    signalAll('SIGTERM');
    setTimeout(signalAll, grace, 'SIGKILL').unref();
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** The signals that ask a program to end: Ctrl-C, `kill`, a closed terminal. */
export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function signalAll(signal) {
  for (const group of running) signalGroup(group, signal);
}

/** Sends a signal to a process group, given by its negative id. */
export function signalGroup(group, signal) {
  try {
    process.kill(group, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // the group has ended
  }
}

/** Throws if a signal arrived while no program was running. */
export function throwIfInterrupted() {
  if (interruptedBy) throw new Interrupted(interruptedBy);
}

/**
 * Runs a program to its end and returns its output. With a `label`, its progress is shown (`measure`, `total`: see
 * `showProgress`); with `visible`, its output appears on stderr.
 */
export async function run(command, args, { label, measure, total, visible, cwd, env } = {}) {
  throwIfInterrupted();
  const name = path.basename(command);
  const finish = label && showProgress(label, { measure, total });
  const output = [];
  try {
    await new Promise((resolve, reject) => {
      const stdio = visible ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'];
      // A process group of its own: one signal reaches all its children, and a terminal's Ctrl-C only this process.
      const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, detached: true });
      child.stdout?.on('data', (data) => output.push(data));
      child.stderr?.on('data', (data) => output.push(data));
      child.on('error', reject);
      child.on('spawn', () => setRunning(-child.pid, true));
      child.on('close', (code, signal) => {
        setRunning(-child.pid, false);
        if (interruptedBy) {
          signalGroup(-child.pid, 'SIGKILL'); // children that it left running
          reject(new Interrupted(interruptedBy));
        } else if (code === 0) resolve();
        else reject(new CommandError(name, { code, signal, output: text(output) }));
      });
    });
    return text(output);
  } finally {
    finish?.();
  }
}

const text = (chunks) => Buffer.concat(chunks).toString();

function setRunning(group, isRunning) {
  if (isRunning) running.add(group);
  else running.delete(group);
  for (const listener of listeners) listener([...running]);
}

/** The output of a failed program: the beginning and the end of a long one, with the whole output in the file `log`. */
export function excerpt(error, log) {
  const lines = error.output.trim().split('\n');
  if (lines.length <= 24) return lines.join('\n');
  writeFileAtomic(log, error.output);
  return [...lines.slice(0, 10), `… (all of it: ${path.relative(process.cwd(), log)})`, ...lines.slice(-12)].join('\n');
}
