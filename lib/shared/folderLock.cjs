/**
 * That one process only works in a folder: the lock of trainings, searches, savers and of the set-up. It is plain JavaScript, for the
 * set-up needs it before anything is compiled.
 *
 * A lock is a folder with one file in it, whose name says who holds it. All that happens to it are renames and removals that the
 * system does in one step, and only one process can do each of them:
 *
 *     take     a folder with one's own file in it is renamed to the lock: that fails unless there is none, or an empty one
 *     take over  the file of a holder that is no more is renamed to one's own: that fails if somebody else has done so
 *     let go   one's own file is removed, and then the empty folder
 *
 * Names are never used twice, so nobody takes over from another than the one that was looked at.
 */
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** How often a holder shows that it lives, to those who can't look: processes of another machine or container. In milliseconds. */
const HEARTBEAT = 5_000;
/** Without a heartbeat for this long, such a holder is no more. */
const SILENCE = 300_000;

const hash = (text) => crypto.createHash('sha256').update(text).digest('hex').slice(0, 8);
const host = os
  .hostname()
  .replaceAll(/[^\w-]/g, '-')
  .slice(0, 64);
/** Where process numbers mean what they mean here: this machine since it was started, and this container. */
const place = hash(
  [readText('/proc/sys/kernel/random/boot_id'), readLink('/proc/self/ns/pid'), process.platform].join(),
);
const NAME =
  /^(?<pid>\d+)\.(?<start>\d*)\.(?<place>[0-9a-f]{8})\.(?<folder>[0-9a-f]{8})\.[0-9a-f]{12}\.(?<host>[\w-]*)$/;

/** A name that nobody else has, and that says whose it is, and for which folder: a copy of the folder is not in use. */
function nameFor(folder) {
  const random = crypto.randomBytes(6).toString('hex');
  return [process.pid, startOf(process.pid), place, identityOf(folder), random, host].join('.');
}

/**
 * Whose a name is that {@link nameFor} made, and whether that process is at work in the folder: `lives`, `ended`, or `elsewhere`, on
 * another machine or in another container, where only its heartbeats tell. Undefined for any other name.
 */
function ownerOf(name, folder) {
  const owner = NAME.exec(name)?.groups;
  if (!owner) return undefined;
  const pid = Number(owner.pid);
  const here = owner.host === host && owner.place === place;
  const lives = here && owner.folder === identityOf(folder) && isAlive(pid, owner.start);
  return { name, pid, host: owner.host, state: lives ? 'lives' : here ? 'ended' : 'elsewhere' };
}

/**
 * Takes a lock in one try.
 *
 * @param lock the lock's path, in the folder that it is for
 * @param isVoid whether a holder that isn't known to live is no more
 * @returns `{ name }`, one's own, with which {@link release} lets it go; or `{ holder }`, who has it
 */
function take(lock, isVoid = (holder) => holder.state === 'ended' || holder.silence > SILENCE) {
  const folder = path.dirname(lock);
  const name = nameFor(folder);
  const made = `${lock}.${name}`;
  fs.mkdirSync(made);
  try {
    fs.writeFileSync(path.join(made, name), '');
    for (;;) {
      if (renamed(made, lock)) return { name };
      const holder = holderOf(lock, fs.statSync(path.join(made, name)).mtimeMs);
      if (!holder) {
        removeEmpty(lock); // let go, or about to be; some systems put no folder in the place of an empty one
        continue;
      }
      if (holder.state === 'lives' || holder.state === 'unknown' || !isVoid(holder)) return { holder };
      if (renamed(path.join(lock, holder.name), path.join(lock, name))) {
        fs.writeFileSync(path.join(lock, name), '', { flag: 'r+' });
        return { name };
      }
    }
  } finally {
    fs.rmSync(made, { recursive: true, force: true });
    sweep(lock);
  }
}

/** Lets a lock go that {@link take} gave this name. */
function release(lock, name) {
  fs.rmSync(path.join(lock, name), { force: true });
  removeEmpty(lock);
}

/** Shows that the holder of this name lives, and writes what others may want to know of it. */
function beat(lock, name, content = '') {
  try {
    fs.writeFileSync(path.join(lock, name), content, { flag: 'r+' }); // the time is the file system's, whatever our clock says
  } catch {
    // deleted by hand, or the folder was moved: the work goes on
  }
}

/**
 * Who holds a lock, what it wrote last, when, and how long ago, in milliseconds; undefined when it is free. What is no lock is held by
 * somebody `unknown`.
 */
function holderOf(lock, now = Date.now()) {
  try {
    const [name] = fs.readdirSync(lock);
    if (name === undefined) return undefined;
    const file = path.join(lock, name);
    const owner = ownerOf(name, path.dirname(lock));
    if (!owner) return { name, pid: 0, host: '', state: 'unknown', content: '', time: 0, silence: 0 };
    const time = fs.statSync(file).mtimeMs;
    // Heartbeats from before this machine was started are none of a process that runs on it now.
    const restarted = owner.host === host && time < Date.now() - os.uptime() * 1000;
    const silence = restarted ? Number.POSITIVE_INFINITY : now - time;
    return { ...owner, content: fs.readFileSync(file, 'utf8'), time, silence };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined; // let go, or taken over, just now
    throw error;
  }
}

/** Whether a process of this machine runs, be it ours to signal or not: the one that started at `start`, where that is known. */
function isAlive(pid, start = '') {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat !== '') {
    const fields = fieldsOf(stat);
    // One that has ended may wait, as a zombie, for whoever inherited it, which can take seconds in a container.
    return !'ZX'.includes(fields[0]) && (start === '' || fields[19] === start);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** When a process started, in the system's ticks since the machine did; '' where the system doesn't tell. */
function startOf(pid) {
  return fieldsOf(readText(`/proc/${pid}/stat`))[19] ?? '';
}

/** What follows the program's name, which may have anything in it: the state first. */
function fieldsOf(stat) {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The same for a folder wherever it is moved to, and another one for a copy. */
function identityOf(folder) {
  return hash(String(fs.statSync(folder, { bigint: true }).ino));
}

/** Renames in one step; false where `from` is gone, or something is at `to`. */
function renamed(from, to) {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    const taken = ['ENOENT', 'EEXIST', 'ENOTEMPTY'].includes(error.code);
    if (taken || (error.code === 'EPERM' && fs.existsSync(to))) return false;
    throw error;
  }
}

function removeEmpty(folder) {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (!['ENOENT', 'EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code)) throw error;
  }
}

/** Removes what was to become this lock and belonged to processes that were killed. */
function sweep(lock) {
  const folder = path.dirname(lock);
  const begin = `${path.basename(lock)}.`;
  try {
    for (const name of fs.readdirSync(folder)) {
      if (name.startsWith(begin) && ownerOf(name.slice(begin.length), folder)?.state === 'ended')
        fs.rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // They are in nobody's way.
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readLink(file) {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

module.exports = { HEARTBEAT, SILENCE, beat, holderOf, isAlive, nameFor, ownerOf, release, take };
