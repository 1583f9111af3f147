/** Deletes runs, and nothing else. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { holderOf } from '../../../shared/folderLock.cjs';
import { checkText, shown } from '../../runtime/arguments';
import { FailedPreconditionError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';
import { didYouMean } from '../../runtime/nearest';
import { openFilesBelow } from '../../tf/summary/recordFile';
import { namesIn } from './folders';

/**
 * The names of files that trainings, searches and their writers create. Anything else in a folder was put there by
 * someone.
 */
const leftByRuns = [
  /tfevents/,
  /^checkpoint$|\.(index|meta|data-\d{5}-of-\d{5})$/,
  /^(config|best|results)\.json$|^results\.csv$|^journal\.jsonl$/,
  /^graph\.pb(txt)?$|^projector_config\.pbtxt$|^(tensors|metadata)\.tsv$|^sprite\.png$/,
  /\.tmp$/,
];

/** How long after the last record an open event file counts as belonging to a training in progress, in milliseconds. */
const AT_WORK = 30_000;

/**
 * Deletes runs by their exact names. All are checked before any is deleted.
 *
 * @param known the existing names
 */
export async function deleteRuns(dir: string, names: readonly string[], known: readonly string[]): Promise<void> {
  if (names.length === 0) throw new InvalidArgumentError('expected the exact name of a run to delete, got none');
  const folders = names.map((name) => {
    checkText('the name of a run', name);
    if (!known.includes(name)) {
      const otherwise =
        known.length > 0 ? `; its runs are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}` : '';
      throw new NotFoundError(`${dir} has no run ${shown(name)}${didYouMean(name, known, { otherwise })}`);
    }
    return checkedFolder(dir, name);
  });
  for (const folder of folders) checkAtRest(folder);
  for (const folder of folders) {
    for (const file of openFilesBelow(folder)) await file.close(); // of an interrupted training
    try {
      rmSync(folder, { recursive: true });
    } catch (error) {
      throw fileError(`could not delete ${folder}`, error);
    }
  }
}

/** The folder of a run, after checking that it is a run within `dir` and contains only files of runs. */
function checkedFolder(dir: string, name: string): string {
  const root = realpathSync(dir);
  const folder = path.join(root, name);
  const refuse = (why: string) => new InvalidArgumentError(`${path.join(dir, name)} isn't deleted: ${why}`);
  const below = path.relative(root, folder);
  if (below === '' || below.split(path.sep)[0] === '..' || path.isAbsolute(below))
    throw refuse(`it does not lie within ${dir}`);
  if (realpathSync(folder) !== folder) throw refuse('it is a link, or below one');
  const cwd = realpathSync(process.cwd());
  if (`${cwd}${path.sep}`.startsWith(`${folder}${path.sep}`)) throw refuse('this program works in it');
  const strangers = othersIn(folder);
  if (strangers.length > 0) {
    const some = strangers.slice(0, 3).join(', ') + (strangers.length > 3 ? ` and ${strangers.length - 3} more` : '');
    throw refuse(`it has ${some} in it, which no training leaves; move that away, or delete the folder by hand`);
  }
  return folder;
}

/** Anything in or below a folder that no run creates, including links, wherever they lead. */
function othersIn(folder: string, below = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) return entry.name === 'lock' ? [] : othersIn(path.join(folder, entry.name), name);
    return entry.isFile() && leftByRuns.some((pattern) => pattern.test(entry.name)) ? [] : [name];
  });
}

/** @throws {FailedPreconditionError} when a training works in a folder, or may do so */
function checkAtRest(folder: string): void {
  const refuse = (why: string) => new FailedPreconditionError(`${folder} isn't deleted: ${why}`);
  for (const one of [folder, ...foldersBelow(folder)]) {
    const holder = holderOf(path.join(one, 'lock'));
    if (holder && holder.state !== 'ended')
      throw refuse(`${holder.content || 'another program'} is at work there, in process ${holder.pid}; stop it first`);
  }
  const open = openFilesBelow(folder).find(({ lastAdded }) => performance.now() - lastAdded < AT_WORK);
  if (open) throw refuse('it is being written in this process; close its writer first, or wait for half a minute');
  const writer = otherWriter(folder);
  if (writer !== undefined)
    throw refuse(`process ${writer} has its event file open; stop that training, or that notebook's kernel, first`);
}

function foldersBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'lock')
    .flatMap(({ name }) => [path.join(folder, name), ...foldersBelow(path.join(folder, name))]);
}

/** Another process that has a file below a folder open for writing, if the system tells. */
function otherWriter(folder: string): number | undefined {
  for (const pid of namesIn('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    for (const descriptor of namesIn(`/proc/${pid}/fd`)) {
      try {
        if (!readlinkSync(`/proc/${pid}/fd/${descriptor}`).startsWith(folder + path.sep)) continue;
        const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'))?.[1];
        if ((Number.parseInt(flags ?? '0', 8) & 3) !== 0) return Number(pid);
      } catch {
        // closed meanwhile, or ended, or another user's
      }
    }
  }
  return undefined;
}
