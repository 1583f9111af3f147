/** Runs servers side by side: waits until they answer, runs them until Ctrl-C, and ends all when one ends. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalGroup, signals } from '../../lib/setup/command.mjs';
import { deferred } from '../../lib/shared/deferred.cjs';
import { root } from '../setup/paths.mjs';

/** A server that ended or never answered; the message contains the end of its log. */
export class ServerError extends Error {}

/** How long, in milliseconds, a server may take to answer, and to end. */
const patience = 120_000;
const grace = 4_000;

/**
 * Runs the servers and returns the exit code: 0 if Ctrl-C or a similar signal ended them after `onReady` was called,
 * which is the normal way to quit; the signal's code if it came before.
 *
 * @throws {ServerError} when a server fails; all have ended by then
 */
export async function serve(servers, onReady) {
  const request = requestToEnd();
  const running = servers.map(start);
  const giveUp = new AbortController();
  try {
    const failure = Promise.race(running.map(failureOf));
    const ready = Promise.all(running.map((one) => answers(one, giveUp.signal)));
    const early = await Promise.race([request.first, failure, ready.then(() => undefined)]);
    if (early) return 128 + constants.signals[early];
    await onReady();
    await Promise.race([request.first, failure]);
    return 0;
  } finally {
    giveUp.abort();
    request.second.then(() => running.forEach(kill));
    await Promise.all(running.map(end));
    request.forget();
  }
}

/**
 * Starts a server in a process group of its own, so that a terminal's Ctrl-C only reaches this process, and our signals
 * reach the whole group.
 */
function start(server) {
  mkdirSync(path.dirname(server.log), { recursive: true });
  const log = openSync(server.log, 'w');
  try {
    const child = spawn(server.command, server.args, {
      cwd: root,
      env: { ...process.env, ...server.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    const { promise: ended, resolve } = deferred();
    child.on('error', (error) => resolve(`could not be started (${error.message})`));
    child.on('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended (exit code ${code})`));
    return { server, child, ended };
  } finally {
    closeSync(log); // the server has its own descriptor
  }
}

async function failureOf({ server, ended }) {
  throw new ServerError(withLog(server, `${server.name} ${await ended}`));
}

/** Resolves once the server answers. */
async function answers({ server }, stopped) {
  const until = Date.now() + patience;
  while (!stopped.aborted) {
    try {
      const response = await fetch(server.probe, { signal: AbortSignal.timeout(5_000) });
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // not listening yet
    }
    if (Date.now() > until)
      throw new ServerError(withLog(server, `${server.name} has not answered for ${patience / 1000} s`));
    await sleep(100);
  }
}

/** Ends a server and its children. */
async function end(one) {
  signal(one, 'SIGTERM');
  const late = setTimeout(kill, grace, one);
  await one.ended.finally(() => clearTimeout(late));
  kill(one); // the rest of its group
}

const kill = (one) => signal(one, 'SIGKILL');

function signal({ child }, name) {
  if (child.pid) signalGroup(-child.pid, name);
}

/** The names of the first and the second signal that ask this process to end; the second is from an impatient user. */
function requestToEnd() {
  let count = 0;
  const { promise: first, resolve: resolveFirst } = deferred();
  const { promise: second, resolve: resolveSecond } = deferred();
  const onSignal = (name) => (count++ === 0 ? resolveFirst(name) : resolveSecond(name));
  for (const name of signals) process.on(name, onSignal);
  const forget = () => {
    for (const name of signals) process.off(name, onSignal);
  };
  return { first, second, forget };
}

function withLog({ log }, message) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15);
  return `${message}. The end of ${path.relative(process.cwd(), log)}:\n  ${lines.join('\n  ')}`;
}
