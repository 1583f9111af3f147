/**
 * Installs TensorFlow's C library in the user's cache: from a wheel of the Python package index, verified by its hash,
 * or from files that the user provides. `shared/libraryPlaces.cjs` defines the cache's folder and the other places
 * where the library is found.
 *
 * In the cache, `libtensorflow` is a link, created last: to the unpacked folder next to it, or to a folder elsewhere,
 * such as that of a Python installation. The link points to the folder rather than to files, since the libraries find
 * each other by `$ORIGIN/../…`.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  cacheFolder,
  libraryIn,
  linkIn,
  locate,
  mainNames,
  namedFolder,
  places,
  pythonFolder,
} from '../shared/libraryPlaces.cjs';
import { linkAtomic, remove, sweep, withTemporaryFolder } from './atomic.mjs';
import { SetupError } from './command.mjs';
import { withLock } from './lock.mjs';
import { resolveOwnReferences } from './ownReferences.mjs';
import { download } from './pip.mjs';
import { note } from './progress.mjs';
import { unpack } from './unpack.mjs';
import { isKept, wheelFor } from './wheels.mjs';

export { libraryIn };

/**
 * Why the library has to be installed; undefined if it is present. One found through Python doesn't suffice: another
 * shell's Python may lack it.
 */
export function whyNeeded() {
  const named = namedFolder();
  if (named)
    return libraryIn(named) ? undefined : 'TF_MECHANICS_LIBTENSORFLOW is set, but not to a folder that holds it';
  if (outdated()) return 'a later version is wanted now';
  if (!presentLibrary()) return 'not on this machine yet';
}

/** The library that is already present, and its place. */
export function presentLibrary() {
  return locate(places.filter(({ name }) => name !== 'Python'));
}

/**
 * Installs the library, unless another process has done so meanwhile.
 *
 * @param from a folder, wheel or archive that contains it, instead of a download
 * @param force installs it even if it is present
 * @param check throws if the library in a folder doesn't work; nothing is changed then
 * @param command the command to suggest to the user
 */
export async function getLibtensorflow({
  from,
  force,
  check = async () => {},
  command = 'npx tf-mechanics setup',
} = {}) {
  const named = namedFolder();
  if (named && !libraryIn(named))
    throw new SetupError(`there is no ${mainNames[0]} in ${named}, which TF_MECHANICS_LIBTENSORFLOW names`);
  const cache = writableCache();
  // Processes that share a cache wait for each other, instead of downloading the same file twice.
  await withLock(`${linkIn(cache)}.lock`, async () => {
    if (!from && !force && !whyNeeded()) return;
    sweep(cache);
    if (lstatSync(linkIn(cache), { throwIfNoEntry: false })?.isDirectory())
      throw new SetupError(
        `${linkIn(cache)} is a folder that somebody has put there: move it away, and run this again`,
      );
    if (from) return take(path.resolve(from), cache, check);
    const python = force ? undefined : pythonFolder();
    if (!python || !(await isPythons(python, cache, check))) await fetchWheel(cache, force, check, command);
  });
}

/** Links to the library of an installed Python package, if it works. */
async function isPythons(folder, cache, check) {
  try {
    await check(folder);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    note(`not Python's: ${error.message}`);
    return false;
  }
  use(folder, cache);
  note(`it is Python's, in ${folder}`);
  return true;
}

/** The cache's folder, created if necessary. */
function writableCache() {
  const cache = cacheFolder();
  const otherwise = 'set TF_MECHANICS_CACHE to a folder where libtensorflow can be kept (700 MB)';
  if (!cache) throw new SetupError(`there is no home folder to keep it in: set HOME, or ${otherwise}`);
  try {
    mkdirSync(cache, { recursive: true });
    const probe = `${linkIn(cache)}.${process.pid}.probe`;
    mkdirSync(probe);
    rmSync(probe, { recursive: true });
    return cache;
  } catch (error) {
    throw new SetupError(`nothing can be written to ${cache} (${error.code}): ${otherwise}`);
  }
}

/** The name of the folder next to the link to which it points; undefined if it points elsewhere. */
function unpackedName(cache = cacheFolder()) {
  const link = linkIn(cache);
  const target = link && lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link);
  return target && !path.isAbsolute(target) ? target.split(path.sep)[0] : undefined;
}

/**
 * Whether the cached library is from an older wheel than the current one. A newer one belongs to another version of
 * this package.
 */
function outdated() {
  const wheel = wheelFor();
  const [, project, version] = /^(.+)-(\d+(?:\.\d+)*)$/.exec(unpackedName() ?? '') ?? [];
  return !!wheel && project === wheel.project && isEarlier(version, wheel.version);
}

export function isEarlier(version, other) {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  const different = b.findIndex((part, i) => part !== a[i]);
  return different >= 0 && (a[different] ?? -1) < b[different];
}

/** Points the link to a folder in the cache and removes the folder that it pointed to. */
function use(folder, cache) {
  const previous = unpackedName(cache);
  const target = path.relative(cache, folder);
  linkAtomic(target.startsWith('..') ? folder : target, linkIn(cache));
  if (previous && previous !== target.split(path.sep)[0]) remove(path.join(cache, previous));
}

/** Moves what an earlier set-up stored in another folder to the cache; what the cache already has is deleted there. */
export async function moveLibtensorflow(former) {
  const cache = writableCache();
  await withLock(`${linkIn(cache)}.lock`, async () => {
    const name = unpackedName(former);
    if (name && !libraryIn(linkIn(cache))) {
      const target = readlinkSync(linkIn(former));
      await withTemporaryFolder(path.join(cache, name), async (made) => {
        await move(path.join(former, name), path.join(made, name));
        remove(path.join(cache, name));
        renameSync(path.join(made, name), path.join(cache, name));
      });
      use(path.join(cache, target), cache);
    } else if (name) remove(path.join(former, name));
    remove(linkIn(former));
  });
}

async function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
    remove(from);
  }
}

async function fetchWheel(cache, force, check, command) {
  const wheel = wheelFor();
  const ownChoice = `${command} --from <a folder or archive that holds libtensorflow>`;
  if (!wheel || isMusl()) {
    const platform = `${process.platform} ${process.arch}${wheel ? ' with musl' : ''}`;
    const hint = process.platform === 'win32' ? 'Use WSL (Windows Subsystem for Linux), or' : 'If you have one,';
    throw new SetupError(`the Python packages hold none for ${platform}.\n${hint} ${ownChoice}`);
  }
  if (!wheel.tested)
    note(
      `untested: nobody has tried ${wheel.name} on ${process.platform} ${process.arch} yet; please report how it went`,
    );
  const place = path.join(cache, wheel.name);
  const holder = path.join(place, 'tensorflow');
  if (!force && libraryIn(holder)) return use(holder, cache); // interrupted just before the end
  // Kept until it is unpacked, so that after an interruption it needn't be downloaded again.
  const file = path.join(cache, `${wheel.name}-${wheel.platform}.whl`);
  if (!existsSync(file)) await download(wheel, file, byHand(wheel, command));
  if ((await hashOf(file)) !== wheel.sha256) {
    rmSync(file, { force: true });
    throw new SetupError(`${path.basename(file)} is damaged; it is deleted: run this again`);
  }
  await unpackInto(place, file, wheel, check, cache);
  rmSync(file);
}

const isMusl = () => process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

/** Instructions for machines that can't download it. */
function byHand({ file, bytes, sha256, project, version }, command) {
  return (
    `get this file some other way and name it by: ${command} --from <the file>\n` +
    `  ${file} (${Math.round(bytes / 1e6)} MB)\n` +
    `  of the Python package ${project} ${version}\n` +
    `  SHA-256 ${sha256}`
  );
}

async function hashOf(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Installs it from where the user says. */
async function take(from, cache, check) {
  const found = statSync(from, { throwIfNoEntry: false });
  if (!found) throw new SetupError(`there is no ${from}, which --from names`);
  if (found.isDirectory()) {
    const folder = holderIn(from);
    await check(folder);
    use(realpathSync(folder), cache); // the path may lead through this very link
    return;
  }
  const wheel = await knownWheel(from);
  const name = wheel?.name ?? `from-${path.basename(from).replace(/(\.whl|\.zip|\.tgz|\.tar(\.\w+)?)$/, '')}`;
  await unpackInto(path.join(cache, name), from, wheel, check, cache);
}

/**
 * The known wheel that a file is, by its hash. Other files are accepted too, except for a damaged one with a wheel's
 * name.
 */
async function knownWheel(file) {
  const wheel = wheelFor();
  const hash = wheel && (await hashOf(file));
  if (wheel && hash === wheel.sha256) return wheel;
  if (wheel && path.basename(file) === wheel.file)
    throw new SetupError(`${file} is damaged (SHA-256 ${hash}, not ${wheel.sha256}): get it again`);
  note(`${path.basename(file)} is not what this version is tested with${wheel ? `, which is ${wheel.file}` : ''}`);
}

/** Unpacks an archive into the cache and uses its content. */
async function unpackInto(place, file, wheel, check, cache) {
  const isWanted = wheel || file.endsWith('.whl') ? isKept : undefined;
  await withTemporaryFolder(place, async (made) => {
    await unpack(file, made, { isWanted, total: wheel?.unpackedBytes });
    const holder = holderIn(made, file);
    if (wheel && process.platform === 'linux' && process.arch === 'x64') resolveOwnReferences(libraryIn(holder));
    await check(holder);
    remove(place);
    renameSync(made, place);
    use(path.join(place, path.relative(made, holder)), cache);
  });
}

/**
 * The folder of the library within the user's files: archives have it in `lib`, Python packages in `tensorflow`,
 * possibly below another folder.
 */
function holderIn(folder, shown = folder) {
  const inside = (parent) => ['.', 'tensorflow', 'lib', 'libtensorflow'].map((name) => path.join(parent, name));
  const folders = (parent) =>
    readdirSync(parent, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() || entry.isSymbolicLink() ? path.join(parent, entry.name) : [],
    );
  const environment = path.join(folder, 'lib');
  const pythons = existsSync(environment)
    ? folders(environment).map((python) => path.join(python, 'site-packages'))
    : [];
  const found = [folder, ...folders(folder), ...pythons].flatMap(inside).find(libraryIn);
  if (found) return found;
  throw new SetupError(`${shown} holds no libtensorflow 2 for ${process.platform}: no ${mainNames.join(' and no ')}`);
}
