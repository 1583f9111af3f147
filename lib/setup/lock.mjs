/**
 * Ensures that one set-up runs at a time: `npm ci` and a virtual environment are created in place, so a second set-up
 * waits for the first. A killed set-up leaves its lock, and possibly running children (npm, pip). The lock therefore
 * lists their process groups, and is taken over once none of them is running.
 */
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beat, HEARTBEAT, isAlive, release, SILENCE, take } from '../shared/folderLock.cjs';
import { onChildrenChange, throwIfInterrupted } from './command.mjs';
import { say } from './progress.mjs';

/** Runs `work` while holding `lock`. */
export async function withLock(lock, work) {
  const name = await acquire(lock);
  let groups = [];
  const show = () => beat(lock, name, groups.join(' '));
  const timer = setInterval(show, HEARTBEAT).unref();
  const stopListening = onChildrenChange((atWork) => {
    groups = atWork;
    show();
  });
  try {
    return await work();
  } finally {
    stopListening();
    clearInterval(timer);
    release(lock, name);
  }
}

async function acquire(lock) {
  mkdirSync(path.dirname(lock), { recursive: true });
  // Older versions of the set-up used a file.
  if (lstatSync(lock, { throwIfNoEntry: false })?.isFile()) rmSync(lock, { force: true });
  for (let waits = 0; ; waits++) {
    const { name, holder } = take(lock, isVoid);
    if (name !== undefined) return name;
    if (waits === 3)
      say(
        `waiting for another set-up, or what a killed one left at work (${who(holder)}); if there is none, delete ${lock}`,
      );
    await sleep(300);
    throwIfInterrupted();
  }
}

const isVoid = (holder) => (holder.state === 'ended' && groupsOf(holder).length === 0) || holder.silence > SILENCE;

/** The running process groups that a holder has started. */
const groupsOf = ({ content }) => content.split(' ').filter((group) => group && isAlive(Number(group)));

function who(holder) {
  if (holder.state === 'elsewhere') return `on ${holder.host}`;
  const pids = holder.state === 'lives' ? [holder.pid] : groupsOf(holder).map((group) => Math.abs(Number(group)));
  return `process ${pids.join(', ')}`;
}
