/**
 * Creates the virtual environment with the packages pinned in requirements.txt: JupyterLab and TensorBoard, but not
 * TensorFlow.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { remove, writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { CommandError, excerpt, run, SetupError } from '../../lib/setup/command.mjs';
import { folderSize } from '../../lib/setup/progress.mjs';
import { inRoot, log } from './paths.mjs';

/**
 * Virtual environments can't be moved, so it is created in place; it is complete once the stamp, written last, exists.
 */
const folder = inRoot('.venv');
const interpreter = path.join(folder, 'bin', 'python');
const stamp = path.join(folder, '.requirements');

export const python = {
  name: 'Python side',

  needed() {
    if (!existsSync(stamp)) return 'not installed yet';
    if (!existsSync(interpreter)) return 'its Python is gone';
    if (readFileSync(stamp, 'utf8') !== requirements()) return 'requirements.txt has changed';
  },

  async run() {
    const wanted = requirements();
    await checkPython();
    remove(folder);
    await createEnvironment();
    // Without dependencies, since the file lists them all: pip wouldn't find the hash of a package required with an
    // extra.
    const options = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--quiet', '--no-input'];
    try {
      await run(interpreter, ['-m', 'pip', 'install', ...options, '-r', inRoot('requirements.txt')], {
        label: 'installing JupyterLab and TensorBoard into .venv',
        env: { PIP_DISABLE_PIP_VERSION_CHECK: '1' },
        measure: () => folderSize(folder),
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`pip could not install requirements.txt:\n${excerpt(error, log('pip.log'))}`);
    }
    writeFileAtomic(stamp, wanted);
  },
};

const requirements = () =>
  createHash('sha256')
    .update(readFileSync(inRoot('requirements.txt')))
    .digest('hex');

/** The advice if Python or a part of it is missing. */
const install = `Debian and Ubuntu: apt install python3 python3-venv; Fedora: dnf install python3; macOS: brew install python.
npm run train works without it.`;

/** Throws, with advice, if this machine has no suitable Python. */
export async function checkPython() {
  try {
    await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof CommandError)) throw error;
    throw new SetupError(`JupyterLab and TensorBoard need Python 3.9 or later as python3.\n${install}`);
  }
}

async function createEnvironment() {
  try {
    await run('python3', ['-m', 'venv', folder], { label: 'making .venv' });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SetupError(`python3 -m venv failed:\n${excerpt(error, log('venv.log'))}\n${install}`);
  }
}
