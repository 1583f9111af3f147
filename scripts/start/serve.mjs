/**
 * Servers side by side: they are waited for until they answer, they run until Ctrl-C, and none outlives the others.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalGroup, signals } from '../../lib/setup/command.mjs';
import { deferred } from '../../lib/shared/deferred.cjs';
import { root } from '../setup/paths.mjs';

/** A server that ended or that never answered; the message has the end of its log. */
export class ServerError extends Error {}

/** How long a server may take to answer, and to end when it is asked to. */
const patience = 120_000;
const grace = 4_000;

/**
 * Runs the servers and gives the exit code that tells how it went: 0 where Ctrl-C, or a signal like it, ended them after
 * `onReady` was called, since that is how one leaves; the signal's where it came before.
 *
 * @throws {ServerError} when one of them fails; all have ended by then
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

/** Starts a server in a group of processes of its own, so that a terminal's Ctrl-C reaches only us and our signals all of it. */
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
    closeSync(log); // the server has its own by now
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

/** Ends a server and what it started. */
async function end(one) {
  signal(one, 'SIGTERM');
  const late = setTimeout(kill, grace, one);
  await one.ended.finally(() => clearTimeout(late));
  kill(one); // what is left of its group
}

const kill = (one) => signal(one, 'SIGKILL');

function signal({ child }, name) {
  if (child.pid) signalGroup(-child.pid, name);
}

/** The signals that ask us to end: the first, by its name, and a second by somebody in a hurry. */
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
