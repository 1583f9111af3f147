/**
 * Downloads a wheel with pip, through the proxy or mirror that this machine uses for Python packages, and verifies its
 * hash.
 */
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withTemporaryFolder } from './atomic.mjs';
import { CommandError, excerpt, Interrupted, run, SetupError } from './command.mjs';
import { folderSize } from './progress.mjs';

/** Downloads the wheel to `file`, completely or not at all. `otherwise` is the advice in case of failure. */
export async function download(wheel, file, otherwise) {
  await checkPip(otherwise);
  await withTemporaryFolder(file, async (folder) => {
    const requirement = path.join(folder, 'requirement.txt');
    writeFileSync(requirement, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
    const target = path.join(folder, 'wheel');
    const scratch = path.join(folder, 'scratch'); // pip's temporary folder, whose size shows the progress and which doesn't depend on a small /tmp
    mkdirSync(scratch);
    // The Python version is given explicitly, since only the library is taken out of the wheel.
    const python = `--python-version 3.11 --implementation cp --abi cp311 --platform ${wheel.platform}`.split(' ');
    const options = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--quiet', '--no-input'];
    try {
      await run('python3', ['-m', 'pip', 'download', ...options, ...python, '-r', requirement, '-d', target], {
        label: `downloading TensorFlow ${wheel.version} (${Math.round(wheel.bytes / 1e6)} MB, once)`,
        measure: () => Math.max(folderSize(target), folderSize(scratch)),
        total: wheel.bytes,
        // pip 25.1 and later resume an interrupted download.
        env: { TMPDIR: scratch, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_RESUME_RETRIES: '5' },
      });
    } catch (error) {
      if (error instanceof Interrupted)
        error.message = 'interrupted: nothing half is left; run it again, and the download begins anew';
      if (!(error instanceof CommandError)) throw error;
      const log = path.join(path.dirname(file), 'pip.log');
      throw new SetupError(`pip could not download ${wheel.name}:\n${excerpt(error, log)}\nTry again, or ${otherwise}`);
    }
    renameSync(path.join(target, readdirSync(target)[0]), file);
  });
}

async function checkPip(otherwise) {
  const install =
    process.platform === 'darwin'
      ? 'brew install python'
      : 'Debian and Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip';
  try {
    await run('python3', ['-m', 'pip', '--version']);
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof CommandError)) throw error;
    const missing = error.code === 'ENOENT' ? 'Python 3, which is not here' : "Python's pip, which is not here";
    throw new SetupError(`its download needs ${missing}.\nInstall it (${install}) and run this again, or ${otherwise}`);
  }
}
