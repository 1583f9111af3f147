/** Runs other programs: quietly, with progress, and so that Ctrl-C ends them before it ends us. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from './atomic.mjs';
import { showProgress } from './progress.mjs';

/** What is wrong and what to do about it; printed without a stack. */
export class SetupError extends Error {
  code = 'ERR_SETUP';
}

/** Ctrl-C, or a signal that asks us to end. */
export class Interrupted extends Error {
  constructor(signal) {
    super('interrupted: run it again and it goes on from here');
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** A program that ended badly: `output` has what it wrote, `signal` what ended it, if anything did. */
export class CommandError extends Error {
  constructor(command, { code, signal, output }) {
    super(`${command} ${signal ? `was ended by ${signal}` : `failed (exit code ${code})`}`);
    this.signal = signal;
    this.output = output;
  }
}

/** How long a program may take to end when it is asked to; npm would spend half a minute on undoing what it did. */
const grace = 1_500;

/** The groups of processes at work, as `process.kill` names a group: the negative id of its first process. */
const running = new Set();
const listeners = new Set();
let interruptedBy;

/** Calls `listener` with the groups of processes at work whenever they change. */
export function onChildrenChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Runs `work` so that Ctrl-C and its like end the program at work with all that it started, after which `work` fails with
 * `Interrupted` and its `finally` blocks clean up.
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

/** What asks a program to end: Ctrl-C, `kill`, the end of its terminal. */
export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function signalAll(signal) {
  for (const group of running) signalGroup(group, signal);
}

/** Signals a group of processes, by its negative id. */
export function signalGroup(group, signal) {
  try {
    process.kill(group, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // nothing of it is left
  }
}

/** Where a signal came while nothing was running that it could end. */
export function throwIfInterrupted() {
  if (interruptedBy) throw new Interrupted(interruptedBy);
}

/**
 * Runs a program to its end and gives what it wrote. With a `label` its progress is shown (`measure`, `total`: see
 * `showProgress`); with `visible` its output is, on stderr.
 */
export async function run(command, args, { label, measure, total, visible, cwd, env } = {}) {
  throwIfInterrupted();
  const name = path.basename(command);
  const finish = label && showProgress(label, { measure, total });
  const output = [];
  try {
    await new Promise((resolve, reject) => {
      const stdio = visible ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'];
      // A group of its own, so that one signal reaches whatever it starts, and a terminal's Ctrl-C only us.
      const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, detached: true });
      child.stdout?.on('data', (data) => output.push(data));
      child.stderr?.on('data', (data) => output.push(data));
      child.on('error', reject);
      child.on('spawn', () => setRunning(-child.pid, true));
      child.on('close', (code, signal) => {
        setRunning(-child.pid, false);
        if (interruptedBy) {
          signalGroup(-child.pid, 'SIGKILL'); // what it started and did not wait for
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

/** What a failed program wrote; of a long output the beginning and the end, and all of it in the file `log`. */
export function excerpt(error, log) {
  const lines = error.output.trim().split('\n');
  if (lines.length <= 24) return lines.join('\n');
  writeFileAtomic(log, error.output);
  return [...lines.slice(0, 10), `… (all of it: ${path.relative(process.cwd(), log)})`, ...lines.slice(-12)].join('\n');
}
