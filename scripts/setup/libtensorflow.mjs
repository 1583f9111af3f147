/**
 * TensorFlow's C library. In this order: a folder that the user names; the cache; what tfjs-node's own install script
 * fetched; a Python `tensorflow` on this machine; else the library out of a wheel of the Python package index.
 * `lib/src/runtime/locate.ts` looks for it in the same order.
 *
 * In the cache `libtensorflow` is a link, which comes last: to the `tensorflow` folder out of the wheel, or to that of the
 * Python installation. A link to the folder, and not to the files, since the libraries find others by `$ORIGIN/../…`.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { linkAtomic, remove, sweep, withTemporaryFolder } from './atomic.mjs';
import { CommandError, excerpt, run, SetupError } from './command.mjs';
import { withLock } from './lock.mjs';
import { cache, root, tfjsNode } from './paths.mjs';
import { folderSize, note } from './progress.mjs';
import { keptFiles, wheelFor } from './wheels.mjs';

const named = process.env.TF_MECHANICS_LIBTENSORFLOW;
const link = path.join(cache, 'libtensorflow');
const tfjsFolder = path.join(tfjsNode, 'deps', 'lib');
const ownChoice = 'set TF_MECHANICS_LIBTENSORFLOW to a folder that holds libtensorflow';

export const libtensorflow = {
  name: 'libtensorflow',

  needed() {
    if (named)
      return librariesIn(named) ? undefined : 'TF_MECHANICS_LIBTENSORFLOW is set, but not to a folder that holds it';
    if (isOutdated()) return 'another version is wanted now';
    if (!libraryFolder()) return 'not on this machine yet';
  },

  async run() {
    if (named) throw new SetupError(`there is no ${mainNames[0]} in ${named}, which TF_MECHANICS_LIBTENSORFLOW names`);
    // Checkouts that share a cache wait for each other here, instead of downloading the same file twice.
    await withLock(`${link}.lock`, async () => {
      if (!this.needed()) return;
      sweep(cache);
      const installed = await pythonFolder();
      if (installed) {
        linkAtomic(installed, link);
        note(`it is Python's, in ${installed}`);
      } else {
        await fetchWheel();
      }
    });
  },
};

const mainNames =
  process.platform === 'darwin'
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib']
    : ['libtensorflow_cc.so.2', 'libtensorflow.so.2'];
const frameworkName =
  process.platform === 'darwin' ? 'libtensorflow_framework.2.dylib' : 'libtensorflow_framework.so.2';

/** The paths of the two libraries in `folder`, or nothing where they aren't both there. */
export function librariesIn(folder) {
  const main = mainNames.map((name) => path.join(folder, name)).find(existsSync);
  const framework = path.join(folder, frameworkName);
  return main && existsSync(framework) ? { main, framework } : undefined;
}

/** The folder with the libtensorflow that will be used, or nothing where there is none yet. */
export function libraryFolder() {
  return named ? path.resolve(named) : [link, tfjsFolder].find(librariesIn);
}

/** Whether the cache has the library out of another wheel than today's. */
function isOutdated() {
  const target = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link);
  const ours = target && !path.isAbsolute(target);
  return ours && target !== unpackedFolder(wheelFor());
}

const unpackedFolder = (wheel) => wheel && path.join(wheel.name, 'tensorflow');

/** The folder of Python's `tensorflow`, found without importing it (which would take seconds). */
async function pythonFolder() {
  const find = `
import importlib.util
spec = importlib.util.find_spec('tensorflow')
print(*(spec.submodule_search_locations or []) if spec else [], sep='\\n')`;
  try {
    const folders = (await run('python3', ['-c', find])).trim().split('\n').filter(Boolean);
    return folders.map((folder) => path.resolve(root, folder)).find(librariesIn);
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof CommandError) return undefined;
    throw error;
  }
}

async function fetchWheel() {
  const wheel = wheelFor();
  if (!wheel || isMusl()) {
    const platform = `${process.platform} ${process.arch}${wheel ? ' with musl' : ''}`;
    const hint = process.platform === 'win32' ? 'Use WSL (Windows Subsystem for Linux), or' : 'If you have one,';
    throw new SetupError(`the Python packages hold none for ${platform}.\n${hint} ${ownChoice}.`);
  }
  if (!wheel.tested)
    note(
      `untested: nobody has tried ${wheel.name} on ${process.platform} ${process.arch} yet; please report how it went`,
    );

  if (!librariesIn(path.join(cache, unpackedFolder(wheel)))) {
    const file = path.join(cache, `${wheel.name}-${wheel.platform}.whl`);
    if (!existsSync(file)) await download(wheel, file);
    await verify(wheel, file);
    await unpack(wheel, file);
    rmSync(file);
  }
  const outdated = isOutdated() && path.join(cache, path.dirname(readlinkSync(link)));
  linkAtomic(unpackedFolder(wheel), link);
  if (outdated) remove(outdated);
}

const isMusl = () => process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

/** pip fetches it from where this machine gets Python packages, and checks the hash. */
async function download(wheel, file) {
  await checkPip();
  await withTemporaryFolder(file, async (folder) => {
    const requirement = path.join(folder, 'requirement.txt');
    writeFileSync(requirement, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
    const target = path.join(folder, 'wheel');
    const scratch = path.join(folder, 'scratch'); // pip's, so that it can be measured and isn't a small /tmp
    mkdirSync(scratch);
    // The wheel's Python is named since that of this machine may be any; only the library is taken out of it.
    const python = `--python-version 3.11 --implementation cp --abi cp311 --platform ${wheel.platform}`.split(' ');
    const options = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--quiet', '--no-input'];
    try {
      await run('python3', ['-m', 'pip', 'download', ...options, ...python, '-r', requirement, '-d', target], {
        label: `downloading TensorFlow ${wheel.version} (${Math.round(wheel.bytes / 1e6)} MB, once)`,
        measure: () => Math.max(folderSize(target), folderSize(scratch)),
        total: wheel.bytes,
        env: { TMPDIR: scratch, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(
        `pip could not download ${wheel.name}:\n${excerpt(error, 'pip.log')}\nTry again, or ${ownChoice}.`,
      );
    }
    renameSync(path.join(target, readdirSync(target)[0]), file);
  });
}

async function checkPip() {
  const install =
    process.platform === 'darwin'
      ? 'brew install python'
      : 'Debian and Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip';
  try {
    await run('python3', ['-m', 'pip', '--version']);
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof CommandError)) throw error;
    const missing = error.code === 'ENOENT' ? 'Python 3, which is not here' : "Python's pip, which is not here";
    throw new SetupError(
      `its download needs ${missing}.\nInstall it (${install}) and run this again, or ${ownChoice}.`,
    );
  }
}

/** Checked again, since the file may be what an interrupted set-up left. */
async function verify(wheel, file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === wheel.sha256) return;
  rmSync(file, { force: true });
  throw new SetupError(
    `${path.basename(file)} is damaged (SHA-256 ${found}, not ${wheel.sha256}); it is deleted: run this again`,
  );
}

/** Python's zipfile does it: Python is there, as pip is, and it streams, knows ZIP64 and checks every file's CRC. */
async function unpack(wheel, file) {
  const place = path.join(cache, wheel.name);
  const script = `
import fnmatch, os, shutil, sys, zipfile
file, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(file) as archive:
    for entry in archive.infolist():
        if entry.is_dir() or not any(fnmatch.fnmatch(entry.filename, pattern) for pattern in patterns):
            continue
        target = os.path.join(folder, entry.filename)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(entry) as source, open(target, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
            sink.flush()
            os.fsync(sink.fileno())`;
  await withTemporaryFolder(place, async (folder) => {
    await run('python3', ['-c', script, file, folder, ...keptFiles], {
      label: 'unpacking',
      measure: () => folderSize(folder),
      total: wheel.unpackedBytes,
    });
    remove(place);
    renameSync(folder, place);
  });
}
