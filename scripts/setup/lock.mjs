/**
 * One set-up at a time: `npm ci` and a virtual environment are made in their final place, so a second set-up waits for
 * the first. A set-up that was killed leaves its lock behind, and may leave a child at work (npm, pip): the lock names
 * the processes, and whoever finds none of them alive takes it over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIsAlive, temporaryName, writeFileAtomic } from './atomic.mjs';
import { onChildrenChange, throwIfInterrupted } from './command.mjs';
import { say } from './progress.mjs';

const heartbeat = 5_000;
/** Without a heartbeat for this long a lock is void whatever it names: the machine was restarted, or is another one. */
const silence = 300_000;

/** Runs `work` while holding the lock `file`. */
export async function withLock(file, work) {
  await acquire(file);
  const beat = setInterval(() => touch(file), heartbeat).unref();
  const stopListening = onChildrenChange((groups) => writeFileAtomic(file, content(groups)));
  try {
    return await work();
  } finally {
    stopListening();
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

const content = (groups = []) => JSON.stringify({ host: hostname(), processes: [process.pid, ...groups] });

async function acquire(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let waits = 0; !create(file); waits++) {
    const holder = read(file);
    if (!holder) continue; // released just now
    if (isVoid(holder)) {
      takeAway(file, holder);
      continue;
    }
    if (waits === 3) {
      const who = holder.here ? `process ${holder.alive.map(Math.abs).join(', ')}` : `on ${holder.host}`;
      say(`waiting for another set-up, or what a killed one left at work (${who}); if there is none, delete ${file}`);
    }
    await sleep(300);
    throwIfInterrupted();
  }
}

/** Makes the lock with its content in one step; false where there is one. */
function create(file) {
  const made = temporaryName(file);
  writeFileAtomic(made, content());
  try {
    linkSync(made, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(made);
  }
}

function read(file) {
  try {
    const text = readFileSync(file, 'utf8');
    const { host, processes } = JSON.parse(text);
    const here = host === hostname();
    return {
      text,
      host,
      here,
      alive: here ? processes.filter(processIsAlive) : [],
      age: Date.now() - statSync(file).mtimeMs,
    };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { text: '', here: true, alive: [], age: 0 }; // not a lock that we wrote
    throw error;
  }
}

const isVoid = ({ here, alive, age }) => (here && alive.length === 0) || age > silence;

/** Removes a void lock, and only that one: another waiter may have replaced it by its own meanwhile. */
function takeAway(file, holder) {
  const aside = temporaryName(file);
  try {
    renameSync(file, aside);
    if (holder.text && readFileSync(aside, 'utf8') !== holder.text) linkSync(aside, file);
    rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // deleted by hand: the work goes on
  }
}
