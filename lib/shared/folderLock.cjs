/**
 * A lock that lets only one process work in a folder, for training, searches, savers and the set-up. It is plain
 * JavaScript, since the set-up needs it before anything is compiled.
 *
 * A lock is a folder that contains one file, whose name identifies the holder. All operations are atomic renames and
 * removals, each of which only one process can succeed with:
 *
 *     acquire    rename a folder that contains one's own file to the lock: fails unless there is none, or an empty one
 *     take over  rename the file of a dead holder to one's own name: fails if another process has done so
 *     release    remove one's own file, then the empty folder
 *
 * Names are never reused, so a process can't take over from a different holder than the one it has checked.
 */
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * How often, in milliseconds, a holder updates its file for processes of other machines or containers, which can't
 * check its process.
 */
const HEARTBEAT = 5_000;
/** Milliseconds without an update after which such a holder counts as dead. */
const SILENCE = 300_000;

const hash = (text) => crypto.createHash('sha256').update(text).digest('hex').slice(0, 8);
const host = os
  .hostname()
  .replaceAll(/[^\w-]/g, '-')
  .slice(0, 64);
/** The scope of process ids: this machine since its last boot, and this container. */
const place = hash(
  [readText('/proc/sys/kernel/random/boot_id'), readLink('/proc/self/ns/pid'), process.platform].join(),
);
const NAME =
  /^(?<pid>\d+)\.(?<start>\d*)\.(?<place>[0-9a-f]{8})\.(?<folder>[0-9a-f]{8})\.[0-9a-f]{12}\.(?<host>[\w-]*)$/;

/** A unique name that identifies the process and the folder; in a copy of the folder, it isn't valid. */
function nameFor(folder) {
  const random = crypto.randomBytes(6).toString('hex');
  return [process.pid, startOf(process.pid), place, identityOf(folder), random, host].join('.');
}

/**
 * The owner encoded in a name made by {@link nameFor}, and its state: `lives`, `ended`, or `elsewhere` (on another
 * machine or in another container, where only its updates tell). Undefined for other names.
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
 * Tries once to acquire a lock.
 *
 * @param lock the lock's path, in the folder that it protects
 * @param isVoid whether a holder counts as dead
 * @returns `{ name }`, to pass to {@link release}; or `{ holder }`, the current holder
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
        removeEmpty(lock); // released or about to be; some systems can't rename onto an empty folder
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

/** Releases a lock that {@link take} acquired with this name. */
function release(lock, name) {
  fs.rmSync(path.join(lock, name), { force: true });
  removeEmpty(lock);
}

/** Updates the holder's file: shows that it lives, and stores `content` for others to read. */
function beat(lock, name, content = '') {
  try {
    fs.writeFileSync(path.join(lock, name), content, { flag: 'r+' }); // the file system's time, whatever this machine's clock says
  } catch {
    // deleted by hand, or the folder was moved: the work continues
  }
}

/**
 * The holder of a lock, the content and time of its last update, and its age in milliseconds; undefined if the lock is
 * free. The holder is `unknown` for a file that isn't a lock.
 */
function holderOf(lock, now = Date.now()) {
  try {
    const [name] = fs.readdirSync(lock);
    if (name === undefined) return undefined;
    const file = path.join(lock, name);
    const owner = ownerOf(name, path.dirname(lock));
    if (!owner) return { name, pid: 0, host: '', state: 'unknown', content: '', time: 0, silence: 0 };
    const time = fs.statSync(file).mtimeMs;
    // Updates from before this machine's last boot belong to no running process.
    const restarted = owner.host === host && time < Date.now() - os.uptime() * 1000;
    const silence = restarted ? Number.POSITIVE_INFINITY : now - time;
    return { ...owner, content: fs.readFileSync(file, 'utf8'), time, silence };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined; // released or taken over just now
    throw error;
  }
}

/**
 * Whether a process of this machine is running, even if it belongs to another user: the one started at `start`, if that
 * is known.
 */
function isAlive(pid, start = '') {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat !== '') {
    const fields = fieldsOf(stat);
    // A dead process may remain as a zombie until its parent collects it, which can take seconds in a container.
    return !'ZX'.includes(fields[0]) && (start === '' || fields[19] === start);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The start time of a process in ticks since boot; '' if the system doesn't tell. */
function startOf(pid) {
  return fieldsOf(readText(`/proc/${pid}/stat`))[19] ?? '';
}

/** The fields after the program's name, which may contain any character; the first is the state. */
function fieldsOf(stat) {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Identifies a folder even after it was moved; a copy has another identity. */
function identityOf(folder) {
  return hash(String(fs.statSync(folder, { bigint: true }).ino));
}

/** Renames atomically; false if `from` doesn't exist or `to` does. */
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

/** Removes the preparations of killed processes for this lock. */
function sweep(lock) {
  const folder = path.dirname(lock);
  const begin = `${path.basename(lock)}.`;
  try {
    for (const name of fs.readdirSync(folder)) {
      if (name.startsWith(begin) && ownerOf(name.slice(begin.length), folder)?.state === 'ended')
        fs.rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // They do no harm.
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
